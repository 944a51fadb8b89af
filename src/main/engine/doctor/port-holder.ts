import dgram from 'node:dgram';
import { readdir, readFile, readlink } from 'node:fs/promises';
import net from 'node:net';

/** How many ports above the wanted one are tried before the system may choose any. */
const nearby = 20;

/** How many processes are looked into: a machine that runs more keeps its secret. */
const maxProcesses = 5_000;

/** A program that holds a socket. */
export interface Holder {
  readonly pid: number;
  /** The command's name; empty where the system does not tell. */
  readonly name: string;
}

/**
 * A port that can be bound on `host` now: one just above `wanted` where possible. `undefined` where none can. The port is
 * bound and given back at once, and nothing is sent.
 */
export async function findFreePort(
  host: string,
  wanted: number,
  protocol: 'tcp' | 'udp' = 'tcp',
): Promise<number | undefined> {
  const tryPort = protocol === 'tcp' ? tryTcpPort : tryUdpPort;
  for (let port = wanted + 1; port <= Math.min(wanted + nearby, 65_535); port += 1) {
    if ((await tryPort(host, port)) === port) return port;
  }
  return tryPort(host, 0);
}

function tryTcpPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const { port: bound } = server.address() as net.AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}

function tryUdpPort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      resolve(undefined);
      socket.close();
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      const { port: bound } = socket.address();
      socket.close(() => resolve(bound));
    });
  });
}

/**
 * Which program holds one of the sockets, by their inodes. Linux tells through /proc (proc(5): the descriptors of the
 * processes one may look into); elsewhere, and where it may not be seen, `undefined`. Our own process is named before
 * others: a descriptor may be held by several.
 */
export async function findHolder(inodes: readonly string[]): Promise<Holder | undefined> {
  if (process.platform !== 'linux' || inodes.length === 0) return undefined;
  const links = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).slice(0, maxProcesses);
  for (const pid of [String(process.pid), ...pids]) {
    if (!(await holdsOne(pid, links))) continue;
    const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
    return { pid: Number(pid), name };
  }
  return undefined;
}

async function holdsOne(pid: string, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  // Some thousand descriptors of one program are read a few at a time, or a big server takes seconds.
  const atOnce = 64;
  for (let start = 0; start < descriptors.length; start += atOnce) {
    const targets = descriptors.slice(start, start + atOnce).map((one) => readlink(`${folder}/${one}`).catch(() => ''));
    for (const link of await Promise.all(targets)) if (links.has(link)) return true;
  }
  return false;
}
