import dgram from 'node:dgram';
import { readdir, readFile, readlink } from 'node:fs/promises';
import net from 'node:net';

/** The number of ports above the wanted one that are tried before the system selects any. */
const nearby = 20;

/** The maximum number of processes whose descriptors are searched. */
const maxProcesses = 5_000;

/** A program that holds a socket. */
export interface Holder {
  readonly pid: number;
  /** The command's name; empty where the system does not report it. */
  readonly name: string;
}

/**
 * Returns a port that can be bound on `host` now, just above `wanted` where possible; `undefined` where no port is free. Binds
 * the port, releases it immediately, and sends nothing.
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
 * Returns the program that has one of the sockets open, found by their inodes. On Linux it searches /proc (proc(5): the
 * descriptors of the processes that this user may inspect); `undefined` on other systems and where it finds none. Several
 * processes may share a descriptor: this process takes precedence.
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
  // One program may have thousands of descriptors, which would take seconds one after another.
  const atOnce = 64;
  for (let start = 0; start < descriptors.length; start += atOnce) {
    const targets = descriptors.slice(start, start + atOnce).map((one) => readlink(`${folder}/${one}`).catch(() => ''));
    for (const link of await Promise.all(targets)) if (links.has(link)) return true;
  }
  return false;
}
