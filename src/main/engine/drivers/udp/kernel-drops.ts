import { readFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import type { Address } from '#shared/socket/address.ts';
import { canonicalHost, splitZone } from '../../ip-address.ts';

const intervalMs = 1_000;

/** What the kernel has dropped of what came to one address: of how many sockets that share it, how many datagrams. */
interface DropCount {
  readonly sockets: number;
  readonly drops: number;
}

/**
 * Reads the drops of the sockets bound to an address out of the text of /proc/net/udp or /proc/net/udp6 (proc(5)): each
 * line has the local address as `hex:hex`, the address in words of 32 bits in the machine's byte order, and the drops in
 * its last column. Lines that are not so are passed over.
 */
export function parseDrops(table: string, local: Address, endianness: 'LE' | 'BE'): DropCount {
  const wanted = canonicalHost(splitZone(local.host).address);
  const port = local.port.toString(16).toUpperCase().padStart(4, '0');
  let sockets = 0;
  let drops = 0;
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [hexHost, hexPort] = (fields[1] ?? '').split(':');
    const count = Number(fields[12]);
    if (hexPort !== port || !hexHost || !Number.isSafeInteger(count)) continue;
    if (hostOf(hexHost, endianness) !== wanted) continue;
    sockets += 1;
    drops += count;
  }
  return { sockets, drops };
}

function hostOf(hex: string, endianness: 'LE' | 'BE'): string {
  const bytes = Buffer.from(hex, 'hex');
  if (endianness === 'LE' && bytes.length % 4 === 0) bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const groups = bytes.toString('hex').match(/.{4}/g)?.join(':') ?? '';
  return net.isIPv6(groups) ? canonicalHost(groups) : '';
}

/**
 * Watches how many datagrams the kernel drops before they can be read, where it tells (Linux): once a second while
 * datagrams come, and at the end. `tell` is told how many more those are, and how many sockets share the address.
 */
export class DropWatch {
  readonly #local: Address;
  readonly #tell: (drops: number, sockets: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #known: number;

  constructor(local: Address, tell: (drops: number, sockets: number) => void) {
    this.#local = local;
    this.#tell = tell;
    // Another socket may have had this address before us, and share it.
    this.#known = this.#read().drops;
  }

  /** A datagram has come. */
  touched(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#check();
    }, intervalMs).unref();
  }

  /** Call it before the socket is closed: the kernel forgets the count with it. */
  end(): void {
    clearTimeout(this.#timer);
    this.#check();
  }

  #check(): void {
    const { drops, sockets } = this.#read();
    const more = drops - this.#known;
    this.#known = drops;
    if (more > 0) this.#tell(more, sockets);
  }

  /** The table lies in the kernel's memory: reading it waits for no disk. */
  #read(): DropCount {
    if (process.platform !== 'linux') return { sockets: 0, drops: 0 };
    try {
      const table = readFileSync(this.#local.family === 6 ? '/proc/net/udp6' : '/proc/net/udp', 'latin1');
      return parseDrops(table, this.#local, os.endianness());
    } catch {
      return { sockets: 0, drops: 0 };
    }
  }
}
