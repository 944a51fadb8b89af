import type { ByteReader } from './byte-reader.ts';
import { maxPacketBytes } from './packet.ts';

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
export class PcapngBlocks {
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
