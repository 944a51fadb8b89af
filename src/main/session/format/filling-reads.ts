import { type ReadColumns, readsBufferSize, viewReads } from '#shared/record/block.ts';
import { clockSlackMs } from './filling-block.ts';

/** Reads for the writer: `viewReads(buffer, capacity)` reads them. */
export interface FilledReads {
  readonly buffer: ArrayBuffer;
  readonly capacity: number;
  readonly count: number;
  readonly baseTime: number;
}

/** The maximum number of reads in one block; a buffer for them has 160 KiB. */
const defaultCapacity = 8_192;
const poolSize = 4;

/** Packs reads into columns: no object for each. */
export class FillingReads {
  readonly #capacity: number;
  readonly #free: ArrayBuffer[] = [];
  #buffer: ArrayBuffer | undefined;
  #columns: ReadColumns | undefined;
  #count = 0;
  #baseTime = 0;

  constructor(capacity = defaultCapacity) {
    this.#capacity = capacity;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds one read; returns false if it does not fit after the present ones, which must then be handed over first. */
  add(socket: number, at: number, offset: number, length: number): boolean {
    const index = this.#count;
    if (index === 0) this.#baseTime = Math.floor(at) - clockSlackMs;
    const delta = (at - this.#baseTime) * 1_000 + 0.5;
    if (index === this.#capacity || delta < 0 || delta > 0xffff_ffff) return false;
    const columns = this.#columns ?? this.#start();
    columns.offsets[index] = offset;
    // Adding half a microsecond before truncation rounds the value.
    columns.times[index] = delta;
    columns.sockets[index] = socket;
    columns.lengths[index] = length;
    this.#count = index + 1;
    return true;
  }

  /** Removes and returns all reads. */
  take(): FilledReads | undefined {
    const { buffer, columns } = { buffer: this.#buffer, columns: this.#columns };
    const count = this.#count;
    if (count === 0 || buffer === undefined || columns === undefined) return undefined;
    this.#count = 0;
    const baseTime = this.#baseTime;
    // A few reads are copied, so that what waits for the writer uses little more memory than it has bytes.
    if (count <= this.#capacity / 2) return { ...compact(columns, count), baseTime };
    this.#buffer = undefined;
    this.#columns = undefined;
    return { buffer, capacity: this.#capacity, count, baseTime };
  }

  giveBack(buffers: readonly ArrayBuffer[]): void {
    const size = readsBufferSize(this.#capacity);
    for (const buffer of buffers) {
      if (buffer.byteLength === size && this.#free.length < poolSize) this.#free.push(buffer);
    }
  }

  clear(): void {
    this.#count = 0;
    this.#free.length = 0;
    this.#buffer = undefined;
    this.#columns = undefined;
  }

  #start(): ReadColumns {
    const buffer = this.#free.pop() ?? new ArrayBuffer(readsBufferSize(this.#capacity));
    this.#buffer = buffer;
    this.#columns = viewReads(buffer, this.#capacity);
    return this.#columns;
  }
}

/** Returns the size that these reads count as while they wait: that of their block. */
export function readsSize({ count }: FilledReads): number {
  return readsBufferSize(count);
}

function compact(columns: ReadColumns, count: number): Pick<FilledReads, 'buffer' | 'capacity' | 'count'> {
  const buffer = new ArrayBuffer(readsBufferSize(count));
  const copy = viewReads(buffer, count);
  copy.offsets.set(columns.offsets.subarray(0, count));
  copy.times.set(columns.times.subarray(0, count));
  copy.sockets.set(columns.sockets.subarray(0, count));
  copy.lengths.set(columns.lengths.subarray(0, count));
  return { buffer, capacity: count, count };
}
