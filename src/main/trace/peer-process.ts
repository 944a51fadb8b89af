import { readdir, readFile, readlink } from 'node:fs/promises';
import { isIPv4, isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import { isLoopback, parseHostPort } from '#shared/socket/address.ts';
import { programName } from './call-facts.ts';

/** Bounds of one look: a machine may have any number of processes and files. */
const maxProcesses = 10_000;
const maxLinks = 200_000;
const maxLookMs = 1_000;
/** A longer table of connections is not searched, in bytes. */
const maxTable = 32 * 1_048_576;

/** A process of this machine. */
interface PeerProcess {
  /** Its program and its process id, as `nc (812)`. */
  readonly name: string;
  readonly pid: number;
}

/**
 * Returns the process that has the other end of the TCP connection from `local` to `peer` (`address:port`) over loopback. Linux says
 * it in /proc/net/tcp and /proc/PID/fd (proc(5)); `undefined` elsewhere, for another address, and for a process whose files this
 * user may not see.
 */
export async function peerProcess(local: string, peer: string): Promise<PeerProcess | undefined> {
  const [near, far] = [parseHostPort(local), parseHostPort(peer)];
  if (process.platform !== 'linux' || !near || !far || !isLoopback(far.host)) return undefined;
  const ends = [hexAddress(far.host, far.port), hexAddress(near.host, near.port)] as const;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'latin1').catch(() => '');
    const inode = text.length > maxTable ? undefined : inodeOf(text, ends);
    if (inode !== undefined) return await ownerOf(`socket:[${inode}]`);
  }
  return undefined;
}

/**
 * Returns the inode of the socket whose local address is the first of `ends` and whose remote address is the second, in a table such as
 * /proc/net/tcp. An IPv6 table has IPv4 addresses mapped (RFC 4291, section 2.5.5.2).
 */
export function inodeOf(table: string, ends: readonly [string[], string[]]): string | undefined {
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', , , , , , , inode = '0'] = line.trim().split(/\s+/);
    if (ends[0].includes(local) && ends[1].includes(remote) && inode !== '0') return inode;
  }
  return undefined;
}

/** Returns an address as /proc/net/tcp writes it: words of 32 bits in the order of this machine; of IPv4 also the mapped form. */
export function hexAddress(host: string, port: number): string[] {
  const bytes = bytesOf(host);
  if (bytes === undefined) return [];
  const end = `:${port.toString(16).padStart(4, '0')}`;
  const words = (of: readonly number[]) => {
    const hex: string[] = [];
    for (let at = 0; at < of.length; at += 4) {
      const word = of.slice(at, at + 4);
      if (endianness() === 'LE') word.reverse();
      hex.push(...word.map((byte) => byte.toString(16).padStart(2, '0')));
    }
    return `${hex.join('')}${end}`.toUpperCase();
  };
  return bytes.length === 4 ? [words(bytes), words([...new Array(10).fill(0), 0xff, 0xff, ...bytes])] : [words(bytes)];
}

function bytesOf(host: string): number[] | undefined {
  const mapped = host.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(mapped)) return mapped.split('.').map(Number);
  if (!isIPv6(host)) return undefined;
  const [head = '', tail = ''] = host.split('::');
  const wordsOf = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  const [first, last] = [wordsOf(head), wordsOf(tail)];
  const gap = new Array<number>(Math.max(0, 8 - first.length - last.length)).fill(0);
  return [...first, ...gap, ...last].flatMap((word) => [word >> 8, word & 0xff]);
}

/** Returns the process that has a descriptor of the socket. */
async function ownerOf(link: string): Promise<PeerProcess | undefined> {
  const until = performance.now() + maxLookMs;
  const all = await readdir('/proc').catch(() => []);
  // New processes, which have the higher ids, are the more probable ones.
  const pids = all.filter((name) => /^\d+$/.test(name)).sort((one, other) => Number(other) - Number(one));
  let links = 0;
  for (const pid of pids.slice(0, maxProcesses)) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      links += 1;
      if (links > maxLinks || performance.now() > until) return undefined;
      if ((await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')) === link) return await named(Number(pid));
    }
  }
  return undefined;
}

async function named(pid: number): Promise<PeerProcess> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { name: programName(line.slice(0, 100_000).split('\0'), pid), pid };
}
