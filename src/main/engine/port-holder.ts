import { readdir, readFile, readlink } from 'node:fs/promises';
import net from 'node:net';

/** How many ports above the wanted one are tried before the system may choose any. */
const nearby = 20;

/** A port that can be bound on `host` now: one just above `wanted` where possible. `undefined` where none can. */
export async function findFreePort(host: string, wanted: number): Promise<number | undefined> {
  for (let port = wanted + 1; port <= Math.min(wanted + nearby, 65_535); port += 1) {
    if ((await tryPort(host, port)) === port) return port;
  }
  return tryPort(host, 0);
}

function tryPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const { port: bound } = server.address() as net.AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}

/**
 * Who listens on a TCP port, as “python3 (process 4242)”. Linux tells through /proc (proc(5): net/tcp and the
 * descriptors of the processes one may look into); elsewhere, and where it may not be seen, `undefined`.
 */
export async function findPortHolder(port: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const inode of listenersIn(await readFile(table, 'latin1').catch(() => ''), port)) inodes.add(inode);
  }
  if (inodes.size === 0) return undefined;
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid) || !(await holdsOne(pid, links))) continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    if (Number(pid) === process.pid) return 'another server of this Wirebench';
    return name === '' ? `process ${pid}` : `${name} (process ${pid})`;
  }
  return undefined;
}

/** The socket inodes that listen (state 0A) on `port` in the text of /proc/net/tcp. */
function listenersIn(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const inode = fields[9];
    if (fields[1]?.endsWith(`:${wanted}`) && fields[3] === '0A' && inode) inodes.push(inode);
  }
  return inodes;
}

async function holdsOne(pid: string, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const descriptor of await readdir(folder).catch(() => [])) {
    const link = await readlink(`${folder}/${descriptor}`).catch(() => '');
    if (links.has(link)) return true;
  }
  return false;
}
