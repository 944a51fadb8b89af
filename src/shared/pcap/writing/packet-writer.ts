import { blockCodes, comment, type Option, optionsSize, padded4, writeOptions } from './blocks.ts';
import type { IpBytes } from './ip-address.ts';

/** Bytes of a packet block before the packet. */
const packetAt = 28;
const gatherBytes = 1_048_576;
const tcpHeaderBytes = 20;
const udpHeaderBytes = 8;
/** Maximum IP packet except jumbograms; in IPv6 the header is not counted. */
const maxIpBytes = 65_535;
/** Maximum bytes of waiting comments in the last packet. */
const maxLastComments = 8 * 1_048_576;

export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** The options of a SYN: the maximum segment (`maxSegment`), and a window in units of 256 bytes. */
export function synOptions(maxSegment: number): Uint8Array {
  return Uint8Array.of(2, 4, maxSegment >>> 8, maxSegment & 255, 1, 3, 3, 8);
}

/** One direction from an address and port to another: what its packets have in common. */
export interface Flow {
  readonly version: 4 | 6;
  readonly transport: 'tcp' | 'udp';
  /** IP header and ports. */
  readonly header: Uint8Array;
  /** The sum of the other bytes that the checksum of a segment covers, without its length. */
  readonly pseudoSum: number;
  readonly maxPayload: number;
}

export interface End {
  readonly ip: IpBytes;
  readonly port: number;
}

/** `from` and `to` have addresses of the same family. */
export function flowOf(transport: 'tcp' | 'udp', from: End, to: End): Flow {
  const version = from.ip.length === 4 ? 4 : 6;
  const ipBytes = version === 4 ? 20 : 40;
  const protocol = transport === 'tcp' ? 6 : 17;
  const header = new Uint8Array(ipBytes + 4);
  const view = new DataView(header.buffer);
  if (version === 4) {
    header[0] = 0x45;
    // Do not fragment, 64 hops.
    header[6] = 0x40;
    header[8] = 64;
    header[9] = protocol;
    header.set(from.ip, 12);
    header.set(to.ip, 16);
  } else {
    header[0] = 0x60;
    header[6] = protocol;
    header[7] = 64;
    header.set(from.ip, 8);
    header.set(to.ip, 24);
  }
  view.setUint16(ipBytes, from.port);
  view.setUint16(ipBytes + 2, to.port);
  const addresses = header.slice(version === 4 ? 12 : 8, ipBytes);
  const pseudo = new Uint32Array(addresses.length / 4 + 1);
  pseudo.set(new Uint32Array(addresses.buffer));
  // The protocol is the low byte of a word in network order.
  new Uint8Array(pseudo.buffer)[addresses.length + 1] = protocol;
  const own = transport === 'tcp' ? tcpHeaderBytes : udpHeaderBytes;
  const maxPayload = maxIpBytes - own - (version === 4 ? ipBytes : 0);
  return { version, transport, header, pseudoSum: sumWords(pseudo, 0, pseudo.length), maxPayload };
}

/** The variable parts of one packet. */
export interface Packet {
  interface: number;
  /** Microseconds since the epoch. */
  at: number;
  flow: Flow;
  /** For TCP: a sum of `tcpFlags`, the numbers, and options with a length that is a multiple of 4. */
  flags: number;
  sequence: number;
  acknowledgement: number;
  tcpOptions: Uint8Array;
  payload: Uint8Array;
  comments: readonly string[];
}

/**
 * Writes packets as enhanced packet blocks with checksums. Collects them in one buffer, which is passed to `write` when it is full. The
 * last packet stays in the buffer until the next one, so that `finish` can add comments to it.
 */
export class PacketWriter {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #bytes = new Uint8Array(gatherBytes);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #words = new Uint32Array(this.#bytes.buffer);
  readonly #shorts = new Uint16Array(this.#bytes.buffer);
  #length = 0;
  /** The offsets of the last packet's block, of the end of its data, and of its options. */
  #last = 0;
  #lastOptions: readonly Option[] = [];
  #lastDataEnd = 0;
  #ipIds = 0;
  packets = 0;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  /** Adds another block. */
  block(bytes: Uint8Array): void {
    this.#settle();
    this.#write(bytes);
  }

  packet(packet: Packet): void {
    const { flow, payload, tcpOptions } = packet;
    const ipBytes = flow.version === 4 ? 20 : 40;
    const own = (flow.transport === 'tcp' ? tcpHeaderBytes : udpHeaderBytes) + tcpOptions.length;
    const size = ipBytes + own + payload.length;
    const options = packet.comments.length === 0 ? noOptions : packet.comments.map(comment);
    const blockSize = 32 + padded4(size) + optionsSize(options);
    if (this.#length + blockSize > gatherBytes) this.#settle();
    const at = this.#length;
    const dataAt = at + packetAt;
    const dataEnd = dataAt + padded4(size);
    this.#words[(dataEnd >>> 2) - 1] = 0;
    this.#bytes.set(flow.header, dataAt);
    if (payload.length > 0) this.#bytes.set(payload, dataAt + ipBytes + own);
    this.#blockHeader(at, blockSize, size, packet);
    if (flow.transport === 'tcp') this.#tcp(dataAt + ipBytes, packet);
    else this.#udp(dataAt + ipBytes, own + payload.length);
    this.#checksums(dataAt, ipBytes, size, flow);
    const end = writeOptions(this.#bytes, this.#view, dataEnd, options);
    this.#view.setUint32(end, blockSize, true);
    this.#last = at;
    this.#lastDataEnd = dataEnd;
    this.#lastOptions = options;
    this.#length = end + 4;
    this.packets += 1;
  }

  /** Adds `comments` to the last packet, and writes the buffer. Returns false if there is no packet. */
  finish(comments: readonly string[]): boolean {
    if (this.packets > 0 && comments.length > 0) this.#comment(comments);
    else this.#settle();
    return this.packets > 0;
  }

  #comment(comments: readonly string[]): void {
    const options = [...this.#lastOptions];
    let size = 0;
    for (const [index, text] of comments.entries()) {
      const option = comment(text);
      size += option.value.length;
      if (size > maxLastComments) {
        options.push(comment(`${comments.length - index} further notes were omitted`));
        break;
      }
      options.push(option);
    }
    const last = this.#bytes.slice(this.#last, this.#lastDataEnd);
    this.#write(this.#bytes.subarray(0, this.#last));
    const block = new Uint8Array(last.length + optionsSize(options) + 4);
    const view = new DataView(block.buffer);
    block.set(last);
    view.setUint32(4, block.length, true);
    view.setUint32(writeOptions(block, view, last.length, options), block.length, true);
    this.#write(block);
    this.#length = 0;
    this.#last = 0;
  }

  /** Writes the buffer. Comments can no longer be added to its packets. */
  #settle(): void {
    if (this.#length > 0) this.#write(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    this.#last = 0;
  }

  #blockHeader(at: number, blockSize: number, size: number, packet: Packet): void {
    const view = this.#view;
    view.setUint32(at, blockCodes.packet, true);
    view.setUint32(at + 4, blockSize, true);
    view.setUint32(at + 8, packet.interface, true);
    view.setUint32(at + 12, Math.floor(packet.at / 0x1_0000_0000), true);
    view.setUint32(at + 16, packet.at % 0x1_0000_0000, true);
    view.setUint32(at + 20, size, true);
    view.setUint32(at + 24, size, true);
  }

  /** Writes the TCP header after the ports, without its checksum (RFC 9293, section 3.1). */
  #tcp(at: number, { flags, sequence, acknowledgement, tcpOptions }: Packet): void {
    const view = this.#view;
    view.setUint32(at + 4, sequence);
    view.setUint32(at + 8, acknowledgement);
    view.setUint32(at + 12, (((tcpHeaderBytes + tcpOptions.length) << 26) | (flags << 16) | 0xffff) >>> 0);
    view.setUint32(at + 16, 0);
    if (tcpOptions.length > 0) this.#bytes.set(tcpOptions, at + tcpHeaderBytes);
  }

  #udp(at: number, length: number): void {
    this.#view.setUint16(at + 4, length);
    this.#view.setUint16(at + 6, 0);
  }

  /** Sets lengths and checksums (RFC 1071) of the packet at `at`. */
  #checksums(at: number, ipBytes: number, size: number, flow: Flow): void {
    const view = this.#view;
    const segment = size - ipBytes;
    if (flow.version === 4) {
      view.setUint16(at + 2, size);
      view.setUint16(at + 4, this.#ipIds);
      this.#ipIds = (this.#ipIds + 1) & 0xffff;
      this.#shorts[(at + 10) >>> 1] = ~folded(sumWords(this.#words, at >>> 2, 5));
    } else {
      view.setUint16(at + 4, segment);
    }
    const from = at + ipBytes;
    const swappedLength = ((segment & 255) << 8) | (segment >>> 8);
    const sum = sumWords(this.#words, from >>> 2, (segment + 3) >>> 2) + flow.pseudoSum + swappedLength;
    const checksum = ~folded(sum) & 0xffff;
    if (flow.transport === 'tcp') this.#shorts[(from + 16) >>> 1] = checksum;
    // In UDP zero means no checksum; all ones is the same number.
    else this.#shorts[(from + 6) >>> 1] = checksum === 0 ? 0xffff : checksum;
  }
}

const noOptions: readonly Option[] = [];

/** Returns the sum of `count` words. It is exact, since a packet has fewer than 2^21 of them. */
function sumWords(words: Uint32Array, from: number, count: number): number {
  let sum = 0;
  for (let at = from; at < from + count; at += 1) sum += words[at] as number;
  return sum;
}

/** Returns the ones' complement sum of 16-bit words for a sum of 32-bit words. */
function folded(sum: number): number {
  const high = Math.floor(sum / 0x1_0000_0000);
  const low = sum % 0x1_0000_0000;
  let short = (low & 0xffff) + (low >>> 16) + (high & 0xffff) + (high >>> 16);
  short = (short & 0xffff) + (short >>> 16);
  return (short & 0xffff) + (short >>> 16);
}
