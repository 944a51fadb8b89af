import { blockHeaderSize, recordColumnsSize } from '#shared/record/block.ts';
import { columnParts, columnsBufferSize, type RecordColumns, viewColumns } from '#shared/record/columns.ts';

/** A filled buffer on its way to the writer: `viewColumns(buffer, capacity)` reads it. */
export interface FilledBlock {
  readonly buffer: ArrayBuffer;
  readonly capacity: number;
  readonly count: number;
  readonly payloadLength: number;
  /** Number of its first record. */
  readonly first: number;
  readonly baseTime: number;
}

/** What a socket's description counts as while it waits. Bytes. */
export const socketInfoSize = 512;

/** What a block counts as while it waits: the bytes that it has in the file, nearly. */
export function filledSize({ count, payloadLength }: FilledBlock): number {
  return columnsBufferSize(count, payloadLength);
}

/** A block that takes records: filled through `columns`, `count` and `used`, then taken as a whole. */
export class FillingBlock {
  readonly columns: RecordColumns;
  readonly first: number;
  readonly baseTime: number;
  count = 0;
  /** Bytes of the payload in use. */
  used = 0;
  readonly #buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer, capacity: number, first: number, baseTime: number) {
    this.#buffer = buffer;
    this.columns = viewColumns(buffer, capacity);
    this.first = first;
    this.baseTime = baseTime;
  }

  get full(): boolean {
    return this.count === this.columns.capacity || this.used === this.columns.payload.length;
  }

  /** Microseconds from the base time to `at` (milliseconds since the epoch). */
  delta(at: number): number {
    return Math.round((at - this.baseTime) * 1_000);
  }

  /** True where a record of `length` bytes at time `at` can go in. */
  hasRoom(at: number, length: number): boolean {
    const delta = this.delta(at);
    return length <= this.columns.payload.length - this.used && delta >= 0 && delta <= 0xffff_ffff;
  }

  filled(): FilledBlock {
    const { count, used: payloadLength, first, baseTime } = this;
    return { buffer: this.#buffer, capacity: this.columns.capacity, count, payloadLength, first, baseTime };
  }

  /** True where the buffer is at least half full, so that it may wait for the writer as it is. */
  get dense(): boolean {
    return columnsBufferSize(this.count, this.used) * 2 >= this.#buffer.byteLength;
  }

  /** A copy in a buffer no larger than needed, and the buffer itself for other records. */
  compacted(): { readonly block: FilledBlock; readonly buffer: ArrayBuffer } {
    const { count, used: payloadLength, first, baseTime, columns } = this;
    const buffer = allocate(columnsBufferSize(count, payloadLength));
    let at = blockHeaderSize;
    for (const part of columnParts(columns, count, payloadLength)) {
      new Uint8Array(buffer, at, part.length).set(part);
      at += part.length;
    }
    return { block: { buffer, capacity: count, count, payloadLength, first, baseTime }, buffer: this.#buffer };
  }
}

/** Buffers kept for reuse: enough for what is under way at full speed. */
const poolSize = 24;
/** A larger buffer is not kept: what it is for comes seldom. */
const maxLargeBytes = 20 * 1_048_576;
/** A block's times count from a second before its first, so that a clock set back a little needs no new block. */
export const clockSlackMs = 1_000;

/** Makes blocks of one size, out of the buffers that came back where there are some, and larger ones as needed. */
export class BlockPool {
  readonly #capacity: number;
  readonly #size: number;
  readonly #free: ArrayBuffer[] = [];
  /** The largest buffer that came back of those made for one large record: fresh memory costs more than to fill it. */
  #large: ArrayBuffer | undefined;

  constructor(capacity: number, payloadCapacity: number) {
    this.#capacity = capacity;
    this.#size = columnsBufferSize(capacity, payloadCapacity);
  }

  /** A block for records from number `first` and time `at` on. For one record that is larger than a block: of its own. */
  take(first: number, at: number, length: number): FillingBlock {
    const baseTime = Math.floor(at) - clockSlackMs;
    if (length > this.#size - blockHeaderSize - this.#capacity * recordColumnsSize) {
      return new FillingBlock(this.#takeLarge(columnsBufferSize(1, length)), 1, first, baseTime);
    }
    return new FillingBlock(this.#free.pop() ?? allocate(this.#size), this.#capacity, first, baseTime);
  }

  /** What is to be handed to the writer of `filling`: in a buffer of its size, where its own is nearly empty. */
  hand(filling: FillingBlock): FilledBlock {
    if (filling.dense) return filling.filled();
    const { block, buffer } = filling.compacted();
    this.giveBack([buffer]);
    return block;
  }

  giveBack(buffers: readonly ArrayBuffer[]): void {
    for (const buffer of buffers) {
      if (buffer.byteLength === this.#size && this.#free.length < poolSize) this.#free.push(buffer);
      else if (buffer.byteLength > (this.#large?.byteLength ?? this.#size) && buffer.byteLength <= maxLargeBytes) {
        this.#large = buffer;
      }
    }
  }

  /** A buffer of at least `size` bytes that a record fills at least half. */
  #takeLarge(size: number): ArrayBuffer {
    const large = this.#large;
    if (!large || large.byteLength < size || large.byteLength > size * 2) return allocate(size);
    this.#large = undefined;
    return large;
  }

  clear(): void {
    this.#free.length = 0;
    this.#large = undefined;
  }
}

/** Memory that is not cleared first: what is not written to is never sent either. */
function allocate(size: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(size).buffer as ArrayBuffer;
}
