import { type BlockHeader, blockHeaderSize, readBlockHeader, recordColumnsSize } from '#shared/record/block.ts';
import { type BlockIndex, checksumProblem } from './block-index.ts';
import { type BlockMemory, checkWhole, DecodedBlock, readBlock, soundBlock, wholeBlockBytes } from './decoded-block.ts';

/** How much is read in one call where blocks are small, and which blocks count as small. */
const windowBytes = 262_144;
const smallBlockBytes = 65_536;

/** Reusable memory that grows as needed. */
class Scratch {
  #bytes = new Uint8Array(0);

  take(length: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(Math.max(length, this.#bytes.length * 2));
    return this.#bytes.subarray(0, length);
  }
}

/** What is known of the blocks that were read, so that a later pass reads less. */
class BlockNotes {
  /** 1: all records are messages; 2: some are events. */
  #kinds = new Uint8Array(1_024);

  onlyMessages(at: number): boolean | undefined {
    const known = this.#kinds[at];
    return known === 1 ? true : known === 2 ? false : undefined;
  }

  note(at: number, onlyMessages: boolean): void {
    if (at >= this.#kinds.length) {
      const larger = new Uint8Array(Math.max(at + 1, this.#kinds.length * 2));
      larger.set(this.#kinds);
      this.#kinds = larger;
    }
    this.#kinds[at] = onlyMessages ? 1 : 2;
  }
}

/**
 * Reads blocks one after another into the same memory, for a pass over a whole session. Blocks are checked
 * when they are first read, in that memory.
 */
export class BlockSource {
  readonly index: BlockIndex;
  readonly #notes: BlockNotes;
  readonly #whole = new Scratch();
  readonly #window = new Scratch();
  #windowBytes = new Uint8Array(0);
  #windowAt = 0;
  readonly #memory: BlockMemory;

  constructor(index: BlockIndex, notes = new BlockNotes()) {
    this.index = index;
    this.#notes = notes;
    const columns = new Scratch();
    const payload = new Scratch();
    this.#memory = { columns: (length) => columns.take(length), payload: (length) => payload.take(length) };
  }

  /**
   * Returns block `at` of the index, valid until the next `load`; `undefined` if it is damaged, which truncates the index
   * there. Throws what reading the file throws.
   */
  load(at: number): DecodedBlock | undefined {
    const { index } = this;
    const position = index.positions[at] as number;
    const next = at + 1 < index.count ? (index.positions[at + 1] as number) : index.end;
    let header: BlockHeader;
    let body: Uint8Array<ArrayBuffer> | undefined;
    if (next - position <= smallBlockBytes) {
      const bytes = this.#small(position, next - position);
      header = soundHeader(bytes, position);
      if (!checkWhole(index, at, header, bytes)) return undefined;
      body = bytes.subarray(blockHeaderSize);
    } else {
      header = index.headerOf(at);
      if (index.checked[at] === 0 && header.bodyLength <= wholeBlockBytes) {
        const bytes = this.#read(position, blockHeaderSize + header.bodyLength);
        if (!checkWhole(index, at, header, bytes)) return undefined;
        body = bytes.subarray(blockHeaderSize);
      } else if (!index.check(at)) {
        index.truncateAt(at, checksumProblem);
        return undefined;
      }
    }
    const onlyMessages = this.#notes.onlyMessages(at);
    const parts = { body, memory: this.#memory, onlyMessages };
    const block = soundBlock(index, at, new DecodedBlock(index.file, position, header, parts));
    if (block && onlyMessages === undefined && block.count * recordColumnsSize <= wholeBlockBytes)
      this.#notes.note(at, block.onlyMessages);
    return block;
  }

  #read(position: number, size: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#whole.take(size);
    return bytes.subarray(0, this.index.file.readInto(bytes, position));
  }

  /** Returns a small block out of a window that also contains its neighbours. Both begin at multiples of 8. */
  #small(position: number, size: number): Uint8Array<ArrayBuffer> {
    const from = position - this.#windowAt;
    if (from >= 0 && from + size <= this.#windowBytes.length) return this.#windowBytes.subarray(from, from + size);
    const wanted = Math.min(windowBytes, Math.max(size, this.index.end - position));
    const bytes = this.#window.take(wanted);
    this.#windowBytes = bytes.subarray(0, this.index.file.readInto(bytes, position));
    this.#windowAt = position;
    return this.#windowBytes.subarray(0, size);
  }
}

/** Returns the header of a block that the walk has checked, from the block's bytes. */
function soundHeader(bytes: Uint8Array, position: number): BlockHeader {
  const header = readBlockHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  if (typeof header === 'string') throw new Error(`the session file changed at byte ${position}: ${header}`);
  return header;
}

/** Reads blocks through an index, and caches the recently used ones: the rows on screen are requested again and again. */
export class BlockCache {
  readonly #index: BlockIndex;
  readonly #maxBytes: number;
  readonly #blocks = new Map<number, DecodedBlock>();
  #bytes = 0;

  constructor(index: BlockIndex, maxBytes = 16 * 1_048_576) {
    this.#index = index;
    this.#maxBytes = maxBytes;
  }

  /** Returns block `at` of the index, checked; `undefined` if it is damaged, which truncates the index there. */
  get(at: number): DecodedBlock | undefined {
    const known = this.#blocks.get(at);
    if (known) {
      this.#blocks.delete(at);
      this.#blocks.set(at, known);
      return known;
    }
    const block = readBlock(this.#index, at);
    if (block === undefined) return undefined;
    this.#blocks.set(at, block);
    this.#bytes += block.size;
    for (const [oldest, { size }] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes || oldest === at) break;
      this.#blocks.delete(oldest);
      this.#bytes -= size;
    }
    return block;
  }
}
