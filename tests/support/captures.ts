/** What a test says of one packet; the rest has values that make sense. */
export interface TestPacket {
  readonly from?: string;
  readonly to?: string;
  readonly at?: number;
  readonly data?: Uint8Array | string;
}

export interface TestSegment extends TestPacket {
  readonly seq: number;
  readonly ack?: number;
  /** Letters of the flags: S, A, F, R, P. */
  readonly flags?: string;
}

/** A frame of a capture: bytes, and how many of them were captured. */
export interface Frame {
  readonly at: number;
  readonly bytes: Buffer;
  readonly captured?: number;
  readonly comment?: string;
}

const flagBits: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

export const client = '10.0.0.1:50000';
export const server = '10.0.0.2:80';
export const startAt = 1_700_000_000_000;

/** An IP packet with a TCP segment from `from` to `to`. */
export function tcp({ from = client, to = server, seq, ack = 0, flags = 'A', data = '' }: TestSegment): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(portOf(from), 0);
  header.writeUInt16BE(portOf(to), 2);
  header.writeUInt32BE(seq >>> 0, 4);
  header.writeUInt32BE(ack >>> 0, 8);
  header[12] = 5 << 4;
  header[13] = [...flags].reduce((sum, flag) => sum | (flagBits[flag] ?? 0), 0);
  header.writeUInt16BE(65_535, 14);
  return ip(6, from, to, Buffer.concat([header, Buffer.from(data)]));
}

/** An IP packet with a UDP datagram. */
export function udp({ from = client, to = server, data = '' }: TestPacket): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(portOf(from), 0);
  header.writeUInt16BE(portOf(to), 2);
  header.writeUInt16BE(8 + data.length, 4);
  return ip(17, from, to, Buffer.concat([header, Buffer.from(data)]));
}

/** An IPv4 or IPv6 packet, as the addresses are. */
export function ip(protocol: number, from: string, to: string, payload: Buffer): Buffer {
  const source = addressBytes(from);
  const destination = addressBytes(to);
  if (source.length === 4) {
    const header = Buffer.alloc(20);
    header[0] = 0x45;
    header.writeUInt16BE(20 + payload.length, 2);
    header[8] = 64;
    header[9] = protocol;
    source.copy(header, 12);
    destination.copy(header, 16);
    header.writeUInt16BE(checksum(header), 10);
    return Buffer.concat([header, payload]);
  }
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(payload.length, 4);
  header[6] = protocol;
  header[7] = 64;
  source.copy(header, 8);
  destination.copy(header, 24);
  return Buffer.concat([header, payload]);
}

/** The packet split into fragments of at most `size` bytes (a multiple of 8). */
export function fragmentsOf(packet: Buffer, size: number, id = 7): Buffer[] {
  const isIpv4 = (packet[0] as number) >> 4 === 4;
  const header = packet.subarray(0, isIpv4 ? 20 : 40);
  const payload = packet.subarray(header.length);
  const parts: Buffer[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const part = payload.subarray(offset, offset + size);
    const more = offset + size < payload.length;
    const own = Buffer.from(header);
    if (isIpv4) {
      own.writeUInt16BE(20 + part.length, 2);
      own.writeUInt16BE(id, 4);
      own.writeUInt16BE((more ? 0x2000 : 0) | (offset / 8), 6);
      own.writeUInt16BE(0, 10);
      own.writeUInt16BE(checksum(own), 10);
      parts.push(Buffer.concat([own, part]));
    } else {
      const extension = Buffer.alloc(8);
      extension[0] = own[6] as number;
      extension.writeUInt16BE(offset | (more ? 1 : 0), 2);
      extension.writeUInt32BE(id, 4);
      own[6] = 44;
      own.writeUInt16BE(8 + part.length, 4);
      parts.push(Buffer.concat([own, extension, part]));
    }
  }
  return parts;
}

/** Frames of an Ethernet capture around IP packets, a millisecond apart. */
export function ethernet(packets: readonly Buffer[], tags: readonly number[] = []): Frame[] {
  return packets.map((packet, index) => {
    const type = (packet[0] as number) >> 4 === 4 ? 0x0800 : 0x86dd;
    const header = Buffer.alloc(14 + tags.length * 4);
    for (const [at, tag] of [...tags, type].entries()) header.writeUInt16BE(tag, 12 + at * 4);
    return { at: startAt + index, bytes: Buffer.concat([header, packet]) };
  });
}

/** Frames as they are, a millisecond apart. */
export function frames(packets: readonly Buffer[]): Frame[] {
  return packets.map((bytes, index) => ({ at: startAt + index, bytes }));
}

export interface FileOptions {
  readonly linkType?: number;
  readonly little?: boolean;
  readonly nanoseconds?: boolean;
  /** Of pcapng: who wrote it. */
  readonly writer?: string;
  readonly interfaceName?: string;
}

/** A pcap file of `some` frames. */
export function pcap(some: readonly Frame[], { linkType = 1, little = true, nanoseconds = false }: FileOptions = {}) {
  const numbers = (...values: readonly number[]) => uint32s(values, little);
  const perMs = nanoseconds ? 1e6 : 1e3;
  const header = [
    numbers(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4),
    uint16s([2, 4], little),
    numbers(0, 0, 262_144, linkType),
  ];
  const packets = some.map(({ at, bytes, captured = bytes.length }) => {
    const seconds = Math.floor(at / 1_000);
    const fraction = Math.round((at - seconds * 1_000) * perMs);
    return [numbers(seconds, fraction, captured, bytes.length), bytes.subarray(0, captured)];
  });
  return Buffer.concat([...header, ...packets.flat()]);
}

/** A pcapng file of `some` frames: one section, one interface, enhanced packet blocks. */
export function pcapng(some: readonly Frame[], options: FileOptions = {}): Buffer {
  const { linkType = 1, little = true, nanoseconds = false, writer = '', interfaceName = '' } = options;
  const ticksPerMs = nanoseconds ? 1_000_000n : 1_000n;
  const blocks = [
    block(
      0x0a0d0d0a,
      [uint32s([0x1a2b3c4d], little), uint16s([1, 0], little), Buffer.alloc(8, 0xff), ...option(4, writer, little)],
      little,
    ),
    block(
      1,
      [
        uint16s([linkType, 0], little),
        uint32s([0], little),
        ...option(2, interfaceName, little),
        ...(nanoseconds ? option(9, Buffer.of(9), little) : []),
      ],
      little,
    ),
  ];
  for (const { at, bytes, captured = bytes.length, comment = '' } of some) {
    const ticks = (BigInt(Math.round(at * 1_000)) * ticksPerMs) / 1_000n;
    const time = [Number(ticks >> 32n), Number(ticks & 0xffff_ffffn)];
    const head = uint32s([0, ...time, captured, bytes.length], little);
    blocks.push(block(6, [head, padded(bytes.subarray(0, captured)), ...option(1, comment, little)], little));
  }
  return Buffer.concat(blocks);
}

/** A block of pcapng around `parts`. */
export function block(type: number, parts: readonly Buffer[], little = true): Buffer {
  const body = padded(Buffer.concat(parts));
  const length = uint32s([body.length + 12], little);
  return Buffer.concat([uint32s([type], little), length, body, length]);
}

/** An option of pcapng; nothing where it is empty. */
export function option(code: number, value: string | Buffer, little = true): Buffer[] {
  const bytes = Buffer.from(value);
  return bytes.length === 0 ? [] : [uint16s([code, bytes.length], little), padded(bytes)];
}

export function uint32s(values: readonly number[], little = true): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) {
    if (little) bytes.writeUInt32LE(value, index * 4);
    else bytes.writeUInt32BE(value, index * 4);
  }
  return bytes;
}

export function uint16s(values: readonly number[], little = true): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) {
    if (little) bytes.writeUInt16LE(value, index * 2);
    else bytes.writeUInt16BE(value, index * 2);
  }
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function portOf(end: string): number {
  return Number(/:(\d+)$/.exec(end)?.[1]);
}

function addressBytes(end: string): Buffer {
  const host = end.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (!host.includes(':')) return Buffer.from(host.split('.').map(Number));
  const [head = '', tail] = host.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = groups(tail ?? '');
  return uint16s([...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after], false);
}

function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The packets that open a connection from `client` to `server`: their numbers then continue at 1. */
export function handshakeOf(): Buffer[] {
  return [
    tcp({ seq: 0, flags: 'S' }),
    tcp({ from: server, to: client, seq: 0, ack: 1, flags: 'SA' }),
    tcp({ seq: 1, ack: 1 }),
  ];
}
