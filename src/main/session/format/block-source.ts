import { type BlockHeader, blockHeaderSize, readBlockHeader, recordColumnsSize } from '#shared/record/block.ts';
import { kindCodes } from '#shared/record/record.ts';
import { type BlockIndex, checksumProblem } from './block-index.ts';
import {
  type BlockMemory,
  checkWhole,
  DecodedBlock,
  problemCodes,
  soundBlock,
  wholeBlockBytes,
} from './decoded-block.ts';

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

/**
 * One pass over the records blocks of an index: checks those that were not checked yet and counts their records. Continues
 * where it stopped when the file has grown.
 */
export class Scan {
  readonly #index: BlockIndex;
  readonly #source: BlockSource;
  /** The number of processed records blocks. */
  blocks = 0;
  /** The number of valid reads blocks. */
  #reads = 0;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  events = 0;
  problems = 0;
  firstAt = 0;
  lastAt = 0;

  constructor(index: BlockIndex, source = new BlockSource(index)) {
    this.#index = index;
    this.#source = source;
  }

  get finished(): boolean {
    return this.blocks >= this.#index.count && this.#nextReads === Number.POSITIVE_INFINITY;
  }

  /** The byte of the file up to which the scan has come. */
  get position(): number {
    return this.blocks >= this.#index.count ? this.#index.end : (this.#index.positions[this.blocks] as number);
  }

  get records(): number {
    return this.messagesIn + this.messagesOut + this.events;
  }

  /** Processes blocks for about `ms` milliseconds, at least one. A damaged block truncates the index. */
  run(ms: number): void {
    const until = performance.now() + ms;
    do {
      if (this.finished) return;
      if (this.#nextReads < this.position) this.#checkReads();
      else this.#take(this.blocks);
    } while (performance.now() < until);
  }

  /** The position of the next reads block to check. */
  get #nextReads(): number {
    const { readsCount, readsPositions, trusted } = this.#index;
    return trusted || this.#reads >= readsCount ? Number.POSITIVE_INFINITY : (readsPositions[this.#reads] as number);
  }

  #checkReads(): void {
    if (this.#index.readsBlock(this.#reads) === undefined) this.#index.truncateAtReads(this.#reads, checksumProblem);
    else this.#reads += 1;
  }

  #take(at: number): void {
    const block = this.#source.load(at);
    if (block === undefined) return;
    const { count } = block;
    const { kinds, lengths, times } = block.columns;
    let bytesIn = 0;
    let bytesOut = 0;
    let messagesIn = 0;
    let messagesOut = 0;
    let problems = 0;
    let earliest = Number.POSITIVE_INFINITY;
    let latest = 0;
    for (let record = 0; record < count; record += 1) {
      const code = kinds[record] as number;
      const length = lengths[record] as number;
      const time = times[record] as number;
      if (time < earliest) earliest = time;
      if (time > latest) latest = time;
      if (code === kindCodes.in) {
        messagesIn += 1;
        bytesIn += length;
      } else if (code === kindCodes.out) {
        messagesOut += 1;
        bytesOut += length;
      } else {
        problems += problemCodes[code] as number;
      }
    }
    this.messagesIn += messagesIn;
    this.messagesOut += messagesOut;
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
    this.events += count - messagesIn - messagesOut;
    this.problems += problems;
    const firstAt = block.baseTime + earliest / 1_000;
    const lastAt = block.baseTime + latest / 1_000;
    // The records of an imported file may be in any order.
    this.firstAt = at === 0 ? firstAt : Math.min(this.firstAt, firstAt);
    this.lastAt = at === 0 ? lastAt : Math.max(this.lastAt, lastAt);
    this.blocks = at + 1;
  }
}
