import { readFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import type { Address } from '#shared/socket/address.ts';
import { canonicalHost, splitZone } from '../../ip-address.ts';

const intervalMs = 1_000;

/** The datagrams to one address that the kernel has dropped, and the number of sockets that share the address. */
interface DropCount {
  readonly sockets: number;
  readonly drops: number;
}

/**
 * Parses the drops of the sockets bound to an address in the text of /proc/net/udp or /proc/net/udp6 (proc(5)). Each line has
 * the local address as `hex:hex`, the address in words of 32 bits in the machine's byte order, and the drops in its last
 * column. Other lines are skipped.
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
 * Watches the number of datagrams that the kernel drops before they are read, where it counts them (Linux): once a second
 * while datagrams are received, and at the end. `report` receives the new drops and the number of sockets that share the
 * address.
 */
export class DropWatch {
  readonly #local: Address;
  readonly #report: (drops: number, sockets: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #known: number;

  constructor(local: Address, report: (drops: number, sockets: number) => void) {
    this.#local = local;
    this.#report = report;
    // Another socket may already be bound to this address and share it.
    this.#known = this.#read().drops;
  }

  /** Arms the next check after a received datagram. */
  touched(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#check();
    }, intervalMs).unref();
  }

  /** Makes the last check. Call it before the socket is closed, because the count ends with it. */
  end(): void {
    clearTimeout(this.#timer);
    this.#check();
  }

  #check(): void {
    const { drops, sockets } = this.#read();
    const more = drops - this.#known;
    this.#known = drops;
    if (more > 0) this.#report(more, sockets);
  }

  /** Reads synchronously: the table is in the kernel's memory, not on a disk. */
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
