import { type ByteReader, type CapturedPacket, maxPacketBytes, type PacketReader } from './capture-file.ts';
import {
  type CaptureInterface,
  millisecondsOf,
  noComments,
  readComments,
  readDropped,
  readInterface,
  readWriter,
} from './pcapng-options.ts';

const maxInterfaces = 65_536;

interface Section {
  readonly little: boolean;
  readonly writer: string;
  readonly interfaces: CaptureInterface[];
}

/**
 * Reads a pcapng file: several sections of either byte order, several interfaces, enhanced, simple and the obsolete packet blocks. Skips
 * unknown blocks.
 */
export function* readPcapng(reader: ByteReader): PacketReader {
  const blocks = new PcapngBlocks(reader);
  let section: Section = { little: false, writer: '', interfaces: [] };
  let lastAt = 0;
  let truncated = '';
  const counts = { damaged: 0, dropped: 0, untimed: 0 };
  while (truncated === '' && blocks.next()) {
    const { type, body, little } = blocks;
    if (type === blockTypes.section) {
      counts.dropped += droppedOf(section);
      section = { little, writer: readWriter(body, little), interfaces: [] };
    } else if (type === blockTypes.interface) {
      if (!addInterface(section, body)) truncated = `the interface at byte ${blocks.position} is damaged`;
    } else if (type === blockTypes.statistics) {
      noteDrops(section, body);
    } else {
      const packet = packetOf(type, body, section, lastAt);
      if (packet === undefined) {
        counts.damaged += 1;
        continue;
      }
      lastAt = packet.at;
      if (type === blockTypes.simplePacket) counts.untimed += 1;
      yield packet;
    }
  }
  counts.dropped += droppedOf(section);
  return { ...counts, truncated: truncated || blocks.problem };
}

/** Adds an interface to its section. Returns false if it is damaged, or if the section has too many. */
function addInterface({ interfaces, little }: Section, body: DataView): boolean {
  const found = interfaces.length < maxInterfaces ? readInterface(body, little) : undefined;
  if (found === undefined) return false;
  interfaces.push(found);
  return true;
}

function packetOf(type: number, body: DataView, section: Section, lastAt: number): CapturedPacket | undefined {
  const { little, interfaces, writer } = section;
  if (type === blockTypes.simplePacket) {
    const on = interfaces[0];
    if (on === undefined || body.byteLength < 4) return undefined;
    const originalLength = body.getUint32(0, little);
    const limit = on.snapLength === 0 ? originalLength : Math.min(on.snapLength, originalLength);
    if (limit > body.byteLength - 4) return undefined;
    const data = bytesOf(body, 4, limit);
    // Simple packets have no time: they were captured after the previous one.
    return packet(on, lastAt, data, originalLength, noComments, writer);
  }
  if (body.byteLength < 20) return undefined;
  const on = interfaces[type === blockTypes.packet ? body.getUint32(0, little) : body.getUint16(0, little)];
  const length = body.getUint32(12, little);
  if (on === undefined || length > body.byteLength - 20) return undefined;
  const at = millisecondsOf(on.clock, body.getUint32(4, little), body.getUint32(8, little));
  const originalLength = Math.max(length, body.getUint32(16, little));
  const comments = readComments(body, 20 + Math.ceil(length / 4) * 4, little);
  return packet(on, at, bytesOf(body, 20, length), originalLength, comments, writer);
}

function packet(
  { linkType, name: interfaceName }: CaptureInterface,
  at: number,
  data: Uint8Array,
  originalLength: number,
  comments: readonly string[],
  writer: string,
): CapturedPacket {
  return { at, linkType, data, originalLength, comments, writer, interfaceName };
}

function noteDrops({ little, interfaces }: Section, body: DataView): void {
  const on = body.byteLength < 12 ? undefined : interfaces[body.getUint32(0, little)];
  if (on) on.dropped = readDropped(body, little) ?? on.dropped;
}

function droppedOf({ interfaces }: Section): number {
  return interfaces.reduce((sum, { dropped }) => sum + dropped, 0);
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, length);
}

/** Block types of pcapng (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html, section 4). */
export const blockTypes = {
  section: 0x0a0d0d0a,
  interface: 1,
  oldPacket: 2,
  simplePacket: 3,
  statistics: 5,
  packet: 6,
} as const;

const known = new Set<number>(Object.values(blockTypes));
const byteOrderMagic = 0x1a2b3c4d;
/** Type, length and length again. */
const frame = 12;
/** A longer block is not read; one that is skipped may have any length. */
const maxBlock = maxPacketBytes + 1_048_576;

/** Reads the blocks of a pcapng file, in the byte order of their section. Skips blocks of unknown types. */
class PcapngBlocks {
  /** Why reading stopped before the end of the file; empty if it did not. */
  problem = '';
  /** The current block: its type, its byte order, its offset in the file, and its bytes without type and lengths. */
  type = 0;
  little = false;
  position = 0;
  body: DataView = new DataView(new ArrayBuffer(0));
  readonly #reader: ByteReader;
  #hasSection = false;
  #length = 0;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Reads the next block. Returns false at the end of the file, and where reading stops because of a `problem`. */
  next(): boolean {
    while (this.#readHead()) {
      if (known.has(this.type)) return this.#readBody();
      if (!this.#reader.skip(this.#length)) return this.#stop(`the block at byte ${this.position} is truncated`);
    }
    return false;
  }

  #readHead(): boolean {
    this.position = this.#reader.position;
    const head = this.#reader.peek(frame);
    if (head.length === 0) return false;
    if (head.length < frame) return this.#stop(`the block at byte ${this.position} is truncated`);
    const view = viewOf(head);
    if (view.getUint32(0) === blockTypes.section && !this.#readByteOrder(view)) return false;
    if (!this.#hasSection) return this.#stop('it does not begin with a section header');
    this.type = view.getUint32(0, this.little);
    this.#length = view.getUint32(4, this.little);
    return (this.#length >= frame && this.#length % 4 === 0) || this.#refuseLength();
  }

  #readByteOrder(head: DataView): boolean {
    this.little = head.getUint32(8, true) === byteOrderMagic;
    this.#hasSection = this.little || head.getUint32(8) === byteOrderMagic;
    return this.#hasSection || this.#stop(`the section at byte ${this.position} has no byte order`);
  }

  #readBody(): boolean {
    const length = this.#length;
    if (length > maxBlock) return this.#refuseLength();
    const block = this.#reader.take(length);
    if (block.length < length) return this.#stop(`the block at byte ${this.position} is truncated`);
    this.body = viewOf(block.subarray(8, length - 4));
    if (viewOf(block).getUint32(length - 4, this.little) === length) return true;
    return this.#stop(`the two lengths of the block at byte ${this.position} differ`);
  }

  #refuseLength(): false {
    return this.#stop(`the block at byte ${this.position} claims ${this.#length} bytes`);
  }

  #stop(problem: string): false {
    this.problem = problem;
    return false;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
