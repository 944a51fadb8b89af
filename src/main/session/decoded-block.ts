import { type BlockHeader, blockHeaderSize, recordColumnsSize } from '#shared/record/block.ts';
import { type RecordColumns, viewColumns } from '#shared/record/columns.ts';
import { type BlockIndex, checksumProblem, lengthsProblem } from './block-index.ts';
import type { SessionFile } from './session-file.ts';

/** Blocks up to this size are read whole; of larger ones only the columns, and bytes where they are asked for. */
const wholeBlockBytes = 1_048_576;

/** A records block read from the file: its columns, and its bytes on demand. */
export class DecodedBlock {
  readonly first: number;
  readonly count: number;
  readonly baseTime: number;
  readonly columns: RecordColumns;
  /** Where each record's bytes begin in the payload. */
  readonly starts: Uint32Array;
  /** False where the records' lengths do not add up to the bytes: only a forged block has that. */
  readonly sound: boolean;
  /** Bytes of memory it takes. */
  readonly size: number;
  readonly #file: SessionFile;
  readonly #payloadAt: number;
  readonly #payload: Uint8Array | undefined;

  /** `position` and `header` as a `BlockIndex` has checked them. Throws what reading the file throws. */
  constructor(file: SessionFile, position: number, header: BlockHeader) {
    this.first = header.first;
    this.count = header.count;
    this.baseTime = header.baseTime;
    this.#file = file;
    const columnBytes = header.count * recordColumnsSize;
    const whole = header.bodyLength <= wholeBlockBytes;
    const body = file.read(position + blockHeaderSize, whole ? header.bodyLength : columnBytes);
    this.size = body.length;
    this.columns = viewColumns(body.buffer, header.count, 0);
    this.#payload = whole ? this.columns.payload.subarray(0, header.payloadLength) : undefined;
    this.#payloadAt = position + blockHeaderSize + columnBytes;
    this.starts = new Uint32Array(header.count);
    let start = 0;
    for (let index = 0; index < header.count; index += 1) {
      this.starts[index] = start;
      start += this.columns.lengths[index] as number;
    }
    this.sound = start === header.payloadLength;
  }

  /** Milliseconds since the epoch of record `index` of the block. */
  at(index: number): number {
    return this.baseTime + (this.columns.times[index] as number) / 1_000;
  }

  /** Bytes `[from, to)` of record `index`, within its length. A view where the block is in memory. */
  bytes(index: number, from: number, to: number): Uint8Array {
    const start = this.starts[index] as number;
    if (this.#payload) return this.#payload.subarray(start + from, start + to);
    return this.#file.read(this.#payloadAt + start + from, to - from);
  }
}

/** Reads blocks through an index, and keeps those last used: the rows on screen are asked for again and again. */
export class BlockCache {
  readonly #index: BlockIndex;
  readonly #maxBytes: number;
  readonly #blocks = new Map<number, DecodedBlock>();
  #bytes = 0;

  constructor(index: BlockIndex, maxBytes = 16 * 1_048_576) {
    this.#index = index;
    this.#maxBytes = maxBytes;
  }

  /** Block `at` of the index, checked; `undefined` where it does not check. Then the index is cut there. */
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

/** Block `at` of `index` without keeping it; `undefined` where it does not check. Then the index is cut there. */
export function readBlock(index: BlockIndex, at: number): DecodedBlock | undefined {
  if (!index.check(at)) {
    index.cutAt(at, checksumProblem);
    return undefined;
  }
  const block = new DecodedBlock(index.file, index.positions[at] as number, index.headerOf(at));
  if (block.sound) return block;
  index.cutAt(at, lengthsProblem);
  return undefined;
}
