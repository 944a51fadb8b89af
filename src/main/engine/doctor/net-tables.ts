import os from 'node:os';
import { canonicalHost } from '../ip-address.ts';

/** One socket of this machine as listed in the system's table. IPv4-mapped IPv6 addresses are converted to IPv4. */
export interface TableSocket {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
  /** `listening` is a TCP listener, `bound` a UDP socket that is not connected; `ended` no longer has a descriptor. */
  readonly state: 'listening' | 'bound' | 'connected' | 'ended';
  /** Of a TCP listener: connections that wait for accept(). */
  readonly waiting: number;
  readonly userId: number;
  readonly inode: string;
}

/** A local socket that has a path. */
export interface TableLocalSocket {
  readonly path: string;
  readonly kind: 'stream' | 'datagram';
  readonly listening: boolean;
  readonly inode: string;
}

/** The maximum number of lines that are read: the doctor must not delay the engine. */
const maxLines = 100_000;

/**
 * Parses the text of /proc/net/tcp, tcp6, udp or udp6 (proc(5)). Skips lines that do not follow that format. `wanted` selects
 * by port and state, because the tables are long where many connections are open.
 */
export function parseNetTable(
  text: string,
  protocol: 'tcp' | 'udp',
  wanted: (port: number, state: TableSocket['state']) => boolean,
): TableSocket[] {
  const line =
    /^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) [0-9A-F]{8}:([0-9A-F]{8}) \S+ \S+ +(\d+) +\d+ (\d+)/gm;
  const sockets: TableSocket[] = [];
  for (let read = 0; read < maxLines; read += 1) {
    const match = line.exec(text);
    if (!match) break;
    const [, address = '', portText = '', stateText = '', queue = '', user, inode = ''] = match;
    const port = Number.parseInt(portText, 16);
    const state = stateOf(stateText, protocol);
    if (!wanted(port, state)) continue;
    const waiting = state === 'listening' ? Number.parseInt(queue, 16) : 0;
    sockets.push({ ...addressOf(address), port, state, waiting, userId: Number(user), inode });
  }
  return sockets;
}

/** Returns the state by its number in the kernel (include/net/tcp_states.h); UDP has 01 and 07 only. */
function stateOf(text: string, protocol: 'tcp' | 'udp'): TableSocket['state'] {
  if (protocol === 'udp') return text === '01' ? 'connected' : 'bound';
  if (text === '0A') return 'listening';
  return text === '06' || text === '07' ? 'ended' : 'connected';
}

/** Parses an address, which the kernel prints as 32-bit words in the machine's byte order. */
function addressOf(hex: string): { host: string; family: 4 | 6 } {
  const bytes = Buffer.from(hex, 'hex');
  if (os.endianness() === 'LE') bytes.swap32();
  if (bytes.length === 4) return { host: bytes.join('.'), family: 4 };
  const mapped = bytes.readUInt32BE(8) === 0xffff && bytes.readUInt32BE(0) === 0 && bytes.readUInt32BE(4) === 0;
  if (mapped) return { host: bytes.subarray(12).join('.'), family: 4 };
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return { host: canonicalHost(groups.join(':')), family: 6 };
}

/** Parses the text of /proc/net/unix: the sockets that have a path or an abstract name. */
export function parseLocalTable(text: string): TableLocalSocket[] {
  const line = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]{8}) ([0-9A-F]{4}) [0-9A-F]{2} +(\d+) (.+)$/gm;
  const sockets: TableLocalSocket[] = [];
  for (let read = 0; read < maxLines; read += 1) {
    const match = line.exec(text);
    if (!match) break;
    const [, flags = '', type, inode = '', path = ''] = match;
    // __SO_ACCEPTCON of include/linux/net.h.
    const listening = (Number.parseInt(flags, 16) & 0x10000) !== 0;
    sockets.push({ path, kind: type === '0002' ? 'datagram' : 'stream', listening, inode });
  }
  return sockets;
}
