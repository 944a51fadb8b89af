import type { Boundaries } from '#shared/message/boundaries.ts';
import {
  blockHeaderSize,
  columnParts,
  columnsBufferSize,
  type RecordColumns,
  recordColumnsSize,
  viewColumns,
} from '#shared/record/block.ts';
import { microsFrom } from '#shared/record/record.ts';

/** A filled buffer for the writer: `viewColumns(buffer, capacity)` reads it. */
export interface FilledBlock {
  readonly buffer: ArrayBuffer;
  readonly capacity: number;
  readonly count: number;
  readonly payloadLength: number;
  /** The number of its first record. */
  readonly first: number;
  readonly baseTime: number;
}

/** The size that a waiting socket description counts as. Bytes. */
export const socketInfoSize = 512;

/** Returns the size that a waiting block counts as: approximately its size in the file. */
export function filledSize({ count, payloadLength }: FilledBlock): number {
  return columnsBufferSize(count, payloadLength);
}

/** Messages of one socket and direction, as `LogSink.messages` has them: at time `at`, from `offset` of their stream. */
interface MessageBatch {
  readonly socket: number;
  /** A code of `kindCodes`. */
  readonly kind: number;
  readonly at: number;
  readonly offset: number;
  readonly carryOver: Uint8Array;
  readonly bytes: Uint8Array;
  readonly boundaries: Boundaries;
}

/** A block being filled: through `columns`, `count` and `used`, then handed over as a whole. */
export class FillingBlock {
  readonly columns: RecordColumns;
  readonly first: number;
  readonly baseTime: number;
  count = 0;
  /** The used bytes of the payload. */
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

  /** Returns the microseconds from the base time to `at` (milliseconds since the epoch). */
  delta(at: number): number {
    return microsFrom(this.baseTime, at);
  }

  /** Returns true if a record of `length` bytes at time `at` fits. */
  hasRoom(at: number, length: number): boolean {
    const delta = this.delta(at);
    return length <= this.columns.payload.length - this.used && delta >= 0 && delta <= 0xffff_ffff;
  }

  /** Adds the event whose JSON is `json`, at time `at`. It must fit. */
  addEvent(socket: number, kind: number, at: number, json: Uint8Array): void {
    const { offsets, times, sockets, lengths, kinds, flags, heads, tails, payload } = this.columns;
    const to = this.count;
    offsets[to] = 0;
    times[to] = this.delta(at);
    sockets[to] = socket;
    lengths[to] = json.length;
    kinds[to] = kind;
    flags[to] = 0;
    heads[to] = 0;
    tails[to] = 0;
    payload.set(json, this.used);
    this.count = to + 1;
    this.used += json.length;
  }

  /**
   * Adds the messages of `batch` from number `done` that fit; the first one must. It begins at byte `from` of `batch.bytes`
   * (negative: in `batch.carryOver`). Returns the number of the next message.
   */
  addMessages(batch: MessageBatch, done: number, from: number): number {
    const { socket, kind, carryOver, bytes, boundaries } = batch;
    const { ends } = boundaries;
    const { offsets, times, sockets, lengths, kinds, flags, heads, tails, payload } = this.columns;
    const limit = Math.min(boundaries.count, done + this.columns.capacity - this.count);
    const end = fitting(ends, done, limit, from + payload.length - this.used);
    const delta = this.delta(batch.at);
    let offset = batch.offset + carryOver.length + from;
    let begin = from;
    for (let index = done, to = this.count; index < end; index += 1, to += 1) {
      const next = ends[index] as number;
      const length = next - begin;
      begin = next;
      offsets[to] = offset;
      offset += length;
      times[to] = delta;
      sockets[to] = socket;
      lengths[to] = length;
      kinds[to] = kind;
      flags[to] = boundaries.flags[index] as number;
      heads[to] = boundaries.heads[index] as number;
      tails[to] = boundaries.tails[index] as number;
    }
    // `begin` is now where the messages that fitted end; `carryOver` belongs to the first of all.
    let to = this.used;
    if (from < 0) {
      payload.set(carryOver, to);
      to += carryOver.length;
    }
    const start = Math.max(from, 0);
    payload.set(start === 0 && begin === bytes.length ? bytes : bytes.subarray(start, begin), to);
    this.count += end - done;
    this.used += begin - from;
    return end;
  }

  filled(): FilledBlock {
    const { count, used: payloadLength, first, baseTime } = this;
    return { buffer: this.#buffer, capacity: this.columns.capacity, count, payloadLength, first, baseTime };
  }

  /** True if the buffer is at least half full, so that it may wait for the writer as it is. */
  get dense(): boolean {
    return columnsBufferSize(this.count, this.used) * 2 >= this.#buffer.byteLength;
  }

  /** Returns a copy in a buffer of minimal size, and the original buffer for other records. */
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

/** The number of buffers kept for reuse: enough for what is in transit at full speed. */
const poolSize = 24;
/** Larger buffers are not kept: they are rarely needed. */
const maxLargeBytes = 20 * 1_048_576;
/** A block's times count from a second before its first record, so that setting the clock back a little needs no new block. */
export const clockSlackMs = 1_000;

/** Creates blocks of one size, if possible from returned buffers, and larger ones as needed. */
export class BlockPool {
  readonly #capacity: number;
  readonly #size: number;
  readonly #free: ArrayBuffer[] = [];
  /** The largest returned buffer of those for one large record: allocating memory is more expensive than filling it. */
  #large: ArrayBuffer | undefined;

  constructor(capacity: number, payloadCapacity: number) {
    this.#capacity = capacity;
    this.#size = columnsBufferSize(capacity, payloadCapacity);
  }

  /** Returns a block for records from number `first` and time `at`. A record larger than a block gets a separate block. */
  take(first: number, at: number, length: number): FillingBlock {
    const baseTime = Math.floor(at) - clockSlackMs;
    if (length > this.#size - blockHeaderSize - this.#capacity * recordColumnsSize) {
      return new FillingBlock(this.#takeLarge(columnsBufferSize(1, length)), 1, first, baseTime);
    }
    return new FillingBlock(this.#free.pop() ?? allocate(this.#size), this.#capacity, first, baseTime);
  }

  /** Returns the block for the writer: copies an almost empty one to a smaller buffer. */
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

  /** Returns a buffer of at least `size` bytes of which a record fills at least half. */
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

/** Returns memory that is not cleared: only what was written to is sent. */
function allocate(size: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(size).buffer as ArrayBuffer;
}

/** Returns the end index of the messages in `[done, limit)` that end at or before `room`. */
function fitting(ends: Uint32Array, done: number, limit: number, room: number): number {
  if ((ends[limit - 1] as number) <= room) return limit;
  let low = done;
  let high = limit - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ends[middle - 1] as number) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}
