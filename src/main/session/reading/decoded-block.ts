import { crc32 } from 'node:zlib';
import { type BlockHeader, blockHeaderSize, checksumOffset, recordColumnsSize } from '#shared/record/block.ts';
import { type RecordColumns, viewColumns } from '#shared/record/columns.ts';
import { isMessageCode, isProblem, kindOfCode } from '#shared/record/record.ts';
import { type BlockIndex, checksumProblem, lengthsProblem } from './block-index.ts';
import type { SessionFile } from './session-file.ts';

/** Blocks up to this size are read whole; of larger ones only the columns, and bytes where they are asked for. */
export const wholeBlockBytes = 1_048_576;

/** For each code whether its records carry bytes of a stream; unknown codes and lifecycle events do not. */
export const messageCodes = Uint8Array.from({ length: 256 }, (_, code) =>
  isMessageCode(code) && kindOfCode(code) !== undefined ? 1 : 0,
);

/** For each code whether its records tell of a problem. */
export const problemCodes = Uint8Array.from({ length: 256 }, (_, code) => {
  const kind = kindOfCode(code);
  return kind !== undefined && isProblem(kind) ? 1 : 0;
});

/** Where a block puts what it reads: its own memory, or memory that is used again for the next block. */
export interface BlockMemory {
  /** `length` bytes that begin at a multiple of 8. */
  columns(length: number): Uint8Array<ArrayBuffer>;
  payload(length: number): Uint8Array<ArrayBuffer>;
}

const ownMemory: BlockMemory = {
  columns: (length) => new Uint8Array(length),
  payload: (length) => new Uint8Array(length),
};

interface BlockParts {
  /** The block's body, where it was read already. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  readonly memory?: BlockMemory | undefined;
  /** True where it is known that all its records are messages. */
  readonly onlyMessages?: boolean | undefined;
}

/** A records block of the file. What is not in memory yet is read when it is first asked for. */
export class DecodedBlock {
  readonly first: number;
  readonly count: number;
  readonly baseTime: number;
  readonly payloadLength: number;
  /** Bytes of memory it takes when all is read. */
  readonly size: number;
  readonly #file: SessionFile;
  readonly #bodyAt: number;
  readonly #memory: BlockMemory;
  readonly #body: Uint8Array<ArrayBuffer> | undefined;
  #columns: RecordColumns | undefined;
  #payload: Uint8Array<ArrayBuffer> | undefined;
  #starts: Uint32Array | undefined;
  #onlyMessages: boolean | undefined;

  /** `position` and `header` as a `BlockIndex` has checked them. What reading the file throws comes through. */
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

  /** Where each record's bytes begin in the payload. */
  get starts(): Uint32Array {
    this.#starts ??= startsOf(this.columns.lengths, this.count);
    return this.#starts;
  }

  /** False where the records' lengths do not add up to the bytes: only a forged block has that. */
  get sound(): boolean {
    const { lengths } = this.columns;
    let bytes = 0;
    for (let index = 0; index < this.count; index += 1) bytes += lengths[index] as number;
    return bytes === this.payloadLength;
  }

  /** True where no record is a lifecycle event. */
  get onlyMessages(): boolean {
    this.#onlyMessages ??= allMessages(this.columns.kinds, this.count);
    return this.#onlyMessages;
  }

  /** Milliseconds since the epoch of record `index` of the block. */
  at(index: number): number {
    return this.baseTime + (this.columns.times[index] as number) / 1_000;
  }

  /** Bytes of message `index`, with its framing; 0 for a lifecycle event. */
  lengthOf(index: number): number {
    const { kinds, lengths } = this.columns;
    return messageCodes[kinds[index] as number] === 1 ? (lengths[index] as number) : 0;
  }

  /** Bytes `[from, to)` of record `index`, within its length. A view where the block is in memory. */
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

/** Block `at` of `index` without keeping it; `undefined` where it does not check. Then the index is cut there. */
export function readBlock(index: BlockIndex, at: number): DecodedBlock | undefined {
  const position = index.positions[at] as number;
  const header = index.headerOf(at);
  let body: Uint8Array<ArrayBuffer> | undefined;
  if (header.bodyLength <= wholeBlockBytes) {
    const whole = index.file.read(position, blockHeaderSize + header.bodyLength);
    if (!checkWhole(index, at, header, whole)) return undefined;
    body = whole.subarray(blockHeaderSize);
  } else if (!index.check(at)) {
    index.cutAt(at, checksumProblem);
    return undefined;
  }
  return soundBlock(index, at, new DecodedBlock(index.file, position, header, { body }));
}

/** Checks block `at`, which is `whole` in memory, where that was not done yet; cuts the index where it does not check. */
export function checkWhole(index: BlockIndex, at: number, header: BlockHeader, whole: Uint8Array): boolean {
  if (index.checked[at] !== notChecked) return true;
  const view = new DataView(whole.buffer, whole.byteOffset, whole.length);
  const length = blockHeaderSize + header.bodyLength;
  if (whole.length >= length) {
    view.setUint32(checksumOffset, 0, true);
    const checksum = crc32(whole.length === length ? whole : whole.subarray(0, length));
    // Whoever reads this memory again must see what is in the file.
    view.setUint32(checksumOffset, header.checksum, true);
    if (checksum === header.checksum) {
      index.checked[at] = checksumChecked;
      return true;
    }
  }
  index.cutAt(at, checksumProblem);
  return false;
}

/** `block` where its lengths add up, which is looked at once. Else cuts the index there. */
export function soundBlock(index: BlockIndex, at: number, block: DecodedBlock): DecodedBlock | undefined {
  if (index.checked[at] === lengthsChecked) return block;
  if (block.sound) {
    index.checked[at] = lengthsChecked;
    return block;
  }
  index.cutAt(at, lengthsProblem);
  return undefined;
}

// What `BlockIndex.checked` has for a block.
const notChecked = 0;
const checksumChecked = 1;
const lengthsChecked = 2;
