import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Returns the lines of a file of /proc; none if it is gone. */
function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Returns the numbers of the sockets that a process has open. */
function socketsOf(pid: string): string[] {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
  } catch {
    // The process, or a file of it, is gone.
    return [];
  }
}

/** The state of a listening socket in /proc/net/tcp (proc(5)). */
const listening = '0A';

/**
 * Returns the TCP port that a process of the process group listens on, as the system knows it (Linux): some programs do not say which port
 * they got for port 0. Throws if no port is found.
 */
export function listeningPort(group: number): number {
  const pids = readdirSync('/proc').filter((name) => {
    // The fields after the name of the program in parentheses: state, parent, group.
    const [, , member] = /\) (.*)$/.exec(linesOf(`/proc/${name}/stat`)[0] ?? '')?.[1]?.split(' ') ?? [];
    return /^\d+$/.test(name) && Number(member) === group;
  });
  const sockets = new Set(pids.flatMap(socketsOf));
  for (const line of ['tcp', 'tcp6'].flatMap((table) => linesOf(`/proc/net/${table}`))) {
    const fields = line.trim().split(/\s+/);
    const port = /:([\dA-F]{4})$/.exec(fields[1] ?? '')?.[1];
    if (port !== undefined && fields[3] === listening && sockets.has(fields[9] ?? '')) return Number.parseInt(port, 16);
  }
  throw new Error(`no process of the group ${group} listens`);
}
