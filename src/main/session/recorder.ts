import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Cuts } from '#shared/framing/cuts.ts';
import { columnsBufferSize } from '#shared/record/columns.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import { isProblem, kindCodes, type SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { BlockPool, type FilledBlock, type FillingBlock } from './filling-block.ts';
import { StreamOffsets } from './stream-offsets.ts';

/** Where the recorder hands its buffers, in order. */
export interface RecorderOutput {
  /** Comes before the first records block that names these sockets. */
  sockets(infos: SocketInfo[]): void;
  /** The buffer is given away; `Recorder.written` may bring it back. */
  records(block: FilledBlock): void;
  /** Someone waits for what was handed over to be written (true), or no longer does. */
  awaited(is: boolean): void;
}

export interface RecorderOptions {
  /** Records and payload bytes of one block; larger messages get a block of their own. */
  readonly capacity: number;
  readonly payloadCapacity: number;
  /** How long a record waits at most before its block is handed over. */
  readonly maxAgeMs: number;
  /** Bytes that may wait for the writer before `congested`. */
  readonly maxWaiting: number;
}

const defaults: RecorderOptions = {
  capacity: 8_192,
  payloadCapacity: 256 * 1_024,
  maxAgeMs: 20,
  maxWaiting: 32 * 1_048_576,
};

/** Packs records into column buffers on the engine's thread: no object per message, one copy of its bytes. */
export class Recorder implements LogSink {
  readonly #output: RecorderOutput;
  readonly #options: RecorderOptions;
  readonly #pool: BlockPool;
  readonly #streams = new StreamOffsets();
  readonly #drainListeners = new Set<() => void>();
  #infos: SocketInfo[] = [];

  #filling: FillingBlock | undefined;
  #next = 0;
  /** Records put into buffers so far: behind `#next` while a run is being split. */
  #packed = 0;
  #messages = 0;
  #bytes = 0;
  #problems = 0;
  #waiting = 0;
  #congested = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: RecorderOutput, options: Partial<RecorderOptions> = {}) {
    this.#output = output;
    this.#options = { ...defaults, ...options };
    this.#pool = new BlockPool(this.#options.capacity, this.#options.payloadCapacity);
  }

  /** The number that the next record will have. */
  get next(): number {
    return this.#next;
  }

  get messages(): number {
    return this.#messages;
  }

  /** Message bytes recorded. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Events recorded that tell of a problem. */
  get problems(): number {
    return this.#problems;
  }

  get congested(): boolean {
    return this.#congested;
  }

  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  describe(info: SocketInfo): void {
    if (this.#stopped) return;
    this.#infos.push(info);
    this.#arm();
  }

  event(socket: number, at: number, event: SocketEvent): number {
    const seq = this.#next;
    this.#next += 1;
    if (this.#stopped) return seq;
    if (isProblem(event.kind)) this.#problems += 1;
    if (event.kind === 'closed') this.#streams.forget(socket);

    const json = encodeUtf8(JSON.stringify(event));
    const block = this.#blockFor(at, json.length);
    const { columns, count: to } = block;
    columns.offsets[to] = 0;
    columns.times[to] = block.delta(at);
    columns.sockets[to] = socket;
    columns.lengths[to] = json.length;
    columns.kinds[to] = kindCodes[event.kind];
    columns.flags[to] = 0;
    columns.heads[to] = 0;
    columns.tails[to] = 0;
    columns.payload.set(json, block.used);
    this.#advance(block, 1, json.length);
    return seq;
  }

  run(socket: number, direction: 'in' | 'out', at: number, held: Uint8Array, bytes: Uint8Array, cuts: Cuts): number {
    const seq = this.#next;
    const count = cuts.count;
    if (count === 0) return seq;
    this.#next += count;
    if (this.#stopped) return seq;
    const ends = cuts.ends;
    const total = held.length + (ends[count - 1] as number);
    this.#messages += count;
    this.#bytes += total;
    let offset = this.#streams.advance(socket, direction, total);

    const kind = kindCodes[direction];
    let done = 0;
    // Where message `done` begins, counted from the start of `bytes`: negative while it begins in `held`.
    let from = -held.length;
    while (done < count) {
      const block = this.#blockFor(at, (ends[done] as number) - from);
      const { offsets, times, sockets, lengths, kinds, flags, heads, tails, payload } = block.columns;
      const limit = Math.min(count, done + block.columns.capacity - block.count);
      const end = fitting(ends, done, limit, from + payload.length - block.used);
      const delta = block.delta(at);
      let begin = from;
      for (let index = done, to = block.count; index < end; index += 1, to += 1) {
        const next = ends[index] as number;
        const length = next - begin;
        begin = next;
        offsets[to] = offset;
        offset += length;
        times[to] = delta;
        sockets[to] = socket;
        lengths[to] = length;
        kinds[to] = kind;
        flags[to] = cuts.flags[index] as number;
        heads[to] = cuts.heads[index] as number;
        tails[to] = cuts.tails[index] as number;
      }
      // `begin` is now where the messages that fitted end; `held` belongs to the first of all.
      let to = block.used;
      if (from < 0) {
        payload.set(held, to);
        to += held.length;
      }
      const start = Math.max(from, 0);
      payload.set(start === 0 && begin === bytes.length ? bytes : bytes.subarray(start, begin), to);
      this.#advance(block, end - done, begin - from);
      done = end;
      from = begin;
    }
    return seq;
  }

  read(_socket: number, _at: number, _length: number): void {}

  /** Hands over all that waits here. */
  flush(): void {
    this.#handSockets();
    if (this.#filling === undefined) return;
    const block = this.#filling.filled();
    this.#filling = undefined;
    this.#waiting += columnsBufferSize(block.count, block.payloadLength);
    this.#output.records(block);
    if (this.#waiting <= this.#options.maxWaiting || this.#congested || this.#stopped) return;
    this.#congested = true;
    this.#output.awaited(true);
  }

  /** The writer is done with blocks of `bytes` in all (as `columnsBufferSize` counts) and returns their buffers. */
  written(bytes: number, buffers: readonly ArrayBuffer[]): void {
    this.#pool.giveBack(buffers);
    this.#waiting -= bytes;
    if (this.#congested && this.#waiting < this.#options.maxWaiting / 2) this.#drained();
  }

  /** Keeps nothing from now on: the writer has failed or the log is closed. Numbers go on, and nothing is congested. */
  stop(): void {
    this.#stopped = true;
    this.#filling = undefined;
    this.#infos = [];
    this.#pool.clear();
    clearTimeout(this.#timer);
    if (this.#congested) this.#drained();
  }

  /** The block with room for a record of `length` bytes at time `at`; hands over the one that has none. */
  #blockFor(at: number, length: number): FillingBlock {
    if (this.#filling && !this.#filling.hasRoom(at, length)) this.flush();
    this.#filling ??= this.#pool.take(this.#packed, at, length);
    return this.#filling;
  }

  #advance(block: FillingBlock, records: number, bytes: number): void {
    this.#packed += records;
    block.count += records;
    block.used += bytes;
    if (block.full) this.flush();
    else this.#arm();
  }

  #handSockets(): void {
    if (this.#infos.length === 0) return;
    const infos = this.#infos;
    this.#infos = [];
    this.#output.sockets(infos);
  }

  /** One timer serves all blocks: it hands over what is there when it fires, a little early at times, never late. */
  #arm(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#options.maxAgeMs);
    this.#timer.unref();
  }

  #drained(): void {
    this.#congested = false;
    this.#output.awaited(false);
    for (const listener of [...this.#drainListeners]) listener();
  }
}

/** How many of the messages `[done, limit)` end at or before `room`, as the index behind the last of them. */
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
