import { crc32 } from 'node:zlib';
import {
  type BlockHeader,
  blockHeaderSize,
  checksumOffset,
  type RecordColumns,
  recordColumnsSize,
  viewColumns,
} from '#shared/record/block.ts';
import { isMessageCode, isProblem, kindCodes, kindOfCode } from '#shared/record/record.ts';
import { type BlockIndex, checksumProblem, lengthsProblem } from './block-index.ts';
import type { SessionFile } from './session-file.ts';

/** Blocks up to this size are read whole; of larger ones only the columns, and bytes on request. */
export const wholeBlockBytes = 1_048_576;

/** For each code whether its records carry bytes of a stream; unknown codes and events do not. */
export const messageCodes = Uint8Array.from({ length: 256 }, (_, code) =>
  isMessageCode(code) && kindOfCode(code) !== undefined ? 1 : 0,
);

/** True for messages; false for lifecycle events, and for what a later version may record. */
export function isMessage(block: DecodedBlock, at: number): boolean {
  const code = block.columns.kinds[at] as number;
  return code === kindCodes.in || code === kindCodes.out;
}

/** For each code whether its records count as problems. */
export const problemCodes = Uint8Array.from({ length: 256 }, (_, code) => {
  const kind = kindOfCode(code);
  return kind !== undefined && isProblem(kind) ? 1 : 0;
});

/** The memory for what a block reads: its own, or memory that is reused for the next block. */
export interface BlockMemory {
  /** Returns `length` bytes that begin at a multiple of 8. */
  columns(length: number): Uint8Array<ArrayBuffer>;
  payload(length: number): Uint8Array<ArrayBuffer>;
}

const ownMemory: BlockMemory = {
  columns: (length) => new Uint8Array(length),
  payload: (length) => new Uint8Array(length),
};

interface BlockParts {
  /** The block's body, if it was read already. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly memory?: BlockMemory | undefined;
  /** True if it is known that all its records are messages. */
  readonly onlyMessages?: boolean | undefined;
}

/** A records block of the file. Its parts are read when they are first used. */
export class DecodedBlock {
  readonly first: number;
  readonly count: number;
  readonly baseTime: number;
  readonly payloadLength: number;
  /** The memory in bytes that it uses when everything is read. */
  readonly size: number;
  readonly #file: SessionFile;
  readonly #bodyAt: number;
  readonly #memory: BlockMemory;
  readonly #body: Uint8Array<ArrayBuffer> | undefined;
  #columns: RecordColumns | undefined;
  #payload: Uint8Array<ArrayBuffer> | undefined;
  #starts: Uint32Array | undefined;
  #onlyMessages: boolean | undefined;

  /** `position` and `header` must have been checked by a `BlockIndex`. Throws what reading the file throws. */
  constructor(file: SessionFile, position: number, header: BlockHeader, parts: BlockParts = {}) {
    this.first = header.first;
    this.count = header.count;
    this.baseTime = header.baseTime;
    this.payloadLength = header.payloadLength;
    this.size = header.bodyLength <= wholeBlockBytes ? header.bodyLength : header.count * recordColumnsSize;
    this.#file = file;
    this.#bodyAt = position + blockHeaderSize;
    this.#body = parts.body;
    this.#memory = parts.memory ?? ownMemory;
    this.#onlyMessages = parts.onlyMessages;
  }

  get columns(): RecordColumns {
    this.#columns ??= this.#readColumns();
    return this.#columns;
  }

  /** The bytes of all records, one after another; `undefined` in a block too large to be read whole. */
  get payload(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#payload === undefined && this.payloadLength + this.count * recordColumnsSize <= wholeBlockBytes)
      this.#payload = this.#readPayload();
    return this.#payload;
  }

  /** The position of each record's bytes in the payload. */
  get starts(): Uint32Array {
    this.#starts ??= startsOf(this.columns.lengths, this.count);
    return this.#starts;
  }

  /** False if the records' lengths do not add up to the payload length, which occurs only in a forged block. */
  get sound(): boolean {
    const { lengths } = this.columns;
    let bytes = 0;
    for (let index = 0; index < this.count; index += 1) bytes += lengths[index] as number;
    return bytes === this.payloadLength;
  }

  /** True if no record is an event. */
  get onlyMessages(): boolean {
    this.#onlyMessages ??= allMessages(this.columns.kinds, this.count);
    return this.#onlyMessages;
  }

  /** Returns the time of record `index` of the block, milliseconds since the epoch. */
  at(index: number): number {
    return this.baseTime + (this.columns.times[index] as number) / 1_000;
  }

  /** Returns the length of message `index` in bytes, with its framing; 0 for an event. */
  lengthOf(index: number): number {
    const { kinds, lengths } = this.columns;
    return messageCodes[kinds[index] as number] === 1 ? (lengths[index] as number) : 0;
  }

  /** Returns bytes `[from, to)` of record `index`, within its length. A view if the block is in memory. */
  bytes(index: number, from: number, to: number): Uint8Array {
    const start = this.starts[index] as number;
    const { payload } = this;
    if (payload) return payload.subarray(start + from, start + to);
    return this.#file.read(this.#bodyAt + this.count * recordColumnsSize + start + from, to - from);
  }

  #readColumns(): RecordColumns {
    if (this.#body) return viewColumns(this.#body.buffer, this.count, this.#body.byteOffset);
    const bytes = this.#memory.columns(this.count * recordColumnsSize);
    this.#file.readInto(bytes, this.#bodyAt);
    return viewColumns(bytes.buffer, this.count, bytes.byteOffset);
  }

  #readPayload(): Uint8Array<ArrayBuffer> {
    const columnBytes = this.count * recordColumnsSize;
    if (this.#body) return this.#body.subarray(columnBytes, columnBytes + this.payloadLength);
    const bytes = this.#memory.payload(this.payloadLength);
    this.#file.readInto(bytes, this.#bodyAt + columnBytes);
    return bytes;
  }
}

function startsOf(lengths: Uint32Array, count: number): Uint32Array {
  const starts = new Uint32Array(count);
  let start = 0;
  for (let index = 0; index < count; index += 1) {
    starts[index] = start;
    start += lengths[index] as number;
  }
  return starts;
}

function allMessages(kinds: Uint8Array, count: number): boolean {
  for (let index = 0; index < count; index += 1) if (messageCodes[kinds[index] as number] === 0) return false;
  return true;
}

/** Returns block `at` of `index` without caching it; `undefined` if it is damaged, which truncates the index there. */
export function readBlock(index: BlockIndex, at: number): DecodedBlock | undefined {
  const position = index.positions[at] as number;
  const header = index.headerOf(at);
  let body: Uint8Array<ArrayBuffer> | undefined;
  if (header.bodyLength <= wholeBlockBytes) {
    const whole = index.file.read(position, blockHeaderSize + header.bodyLength);
    if (!checkWhole(index, at, header, whole)) return undefined;
    body = whole.subarray(blockHeaderSize);
  } else if (!index.check(at)) {
    index.truncateAt(at, checksumProblem);
    return undefined;
  }
  return soundBlock(index, at, new DecodedBlock(index.file, position, header, { body }));
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

/** Checks block `at`, which is `whole` in memory, unless that was done before; truncates the index if it is damaged. */
export function checkWhole(index: BlockIndex, at: number, header: BlockHeader, whole: Uint8Array): boolean {
  if (index.checked[at] !== notChecked) return true;
  const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
  const length = blockHeaderSize + header.bodyLength;
  if (whole.length >= length) {
    view.setUint32(checksumOffset, 0, true);
    const checksum = crc32(whole.length === length ? whole : whole.subarray(0, length));
    // The next user of this memory must see what is in the file.
    view.setUint32(checksumOffset, header.checksum, true);
    if (checksum === header.checksum) {
      index.checked[at] = checksumChecked;
      return true;
    }
  }
  index.truncateAt(at, checksumProblem);
  return false;
}

/** Returns `block` if its lengths are consistent, which is checked once; otherwise truncates the index there. */
export function soundBlock(index: BlockIndex, at: number, block: DecodedBlock): DecodedBlock | undefined {
  if (index.checked[at] === lengthsChecked) return block;
  if (block.sound) {
    index.checked[at] = lengthsChecked;
    return block;
  }
  index.truncateAt(at, lengthsProblem);
  return undefined;
}

// See `BlockIndex.checked`.
const notChecked = 0;
const checksumChecked = 1;
const lengthsChecked = 2;
