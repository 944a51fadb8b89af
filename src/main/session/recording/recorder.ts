import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import { isProblem, kindCodes, type SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { Backlog } from './backlog.ts';
import { BlockPool, clockSlackMs, type FillingBlock, filledSize, socketInfoSize } from './filling-block.ts';
import { FillingReads, readsSize } from './filling-reads.ts';
import { fitting } from './fitting.ts';
import { Losses } from './losses.ts';
import { defaultOptions, type RecorderOptions, type RecorderOutput } from './recorder-options.ts';
import { StreamOffsets } from './stream-offsets.ts';

/** Packs records into column buffers on the engine's thread: no object per message, one copy of its bytes. */
export class Recorder implements LogSink {
  readonly #output: RecorderOutput;
  readonly #options: RecorderOptions;
  readonly #pool: BlockPool;
  readonly #streams = new StreamOffsets();
  readonly #backlog: Backlog;
  readonly #reads = new FillingReads();
  #infos: SocketInfo[] = [];

  #filling: FillingBlock | undefined;
  #next = 0;
  /** Records put into buffers so far: behind `#next` while a run is being split. */
  #packed = 0;
  #messages = 0;
  #bytes = 0;
  #problems = 0;
  #stopped = false;
  /** The latest time of a record, where times ascend. */
  #latestAt = Number.NEGATIVE_INFINITY;
  /** The file cannot be written: what comes waits, and what there is no memory for is counted. */
  #failing = false;
  #losses: Losses | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: RecorderOutput, options: Partial<RecorderOptions> = {}) {
    this.#output = output;
    this.#options = { ...defaultOptions, ...options };
    this.#pool = new BlockPool(this.#options.capacity, this.#options.payloadCapacity);
    this.#backlog = new Backlog(this.#options.maxWaiting, (is) => output.awaited(is));
  }

  /** The number that the next record will have. */
  get next(): number {
    return this.#next;
  }

  get messageCount(): number {
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
    return this.#backlog.congested;
  }

  get stalled(): boolean {
    return this.#failing && this.#backlog.congested;
  }

  /** Records that are lost as there was no memory for them, since the file cannot be written. */
  get lost(): number {
    return this.#losses?.records ?? 0;
  }

  onDrain(listener: () => void): () => void {
    return this.#backlog.onDrain(listener);
  }

  describe(info: SocketInfo): void {
    if (this.#stopped) return;
    if (this.#failing && this.#full()) {
      this.#losses?.describe(info);
      return;
    }
    this.#infos.push(info);
    this.#arm();
  }

  event(socket: number, at: number, event: SocketEvent): number {
    const seq = this.#next;
    if (this.#failing && this.#full()) {
      this.#losses?.event(socket, at, event);
      return seq;
    }
    this.#next += 1;
    if (this.#stopped) return seq;
    if (isProblem(event.kind)) this.#problems += 1;
    if (event.kind === 'closed') this.#streams.forget(socket);

    const json = encodeUtf8(JSON.stringify(event));
    const time = this.#timeOf(at);
    const block = this.#blockFor(time, json.length);
    const { columns, count: to } = block;
    columns.offsets[to] = 0;
    columns.times[to] = block.delta(time);
    columns.sockets[to] = socket;
    columns.lengths[to] = json.length;
    columns.kinds[to] = kindCodes[event.kind];
    columns.flags[to] = 0;
    columns.heads[to] = 0;
    columns.tails[to] = 0;
    columns.payload.set(json, block.used);
    this.#advance(block, 1, json.length, time);
    return seq;
  }

  messages(
    socket: number,
    direction: 'in' | 'out',
    at: number,
    carryOver: Uint8Array,
    bytes: Uint8Array,
    boundaries: Boundaries,
  ): number {
    const seq = this.#next;
    const count = boundaries.count;
    if (count === 0) return seq;
    const ends = boundaries.ends;
    const total = carryOver.length + (ends[count - 1] as number);
    if (this.#failing && this.#full()) {
      this.#losses?.messages(socket, at, count, total);
      this.#streams.advance(socket, direction, total);
      return seq;
    }
    this.#next += count;
    if (this.#stopped) return seq;
    this.#messages += count;
    this.#bytes += total;
    let offset = this.#streams.advance(socket, direction, total);

    const kind = kindCodes[direction];
    const time = this.#timeOf(at);
    let done = 0;
    // Where message `done` begins, counted from the start of `bytes`: negative while it begins in `held`.
    let from = -carryOver.length;
    while (done < count) {
      const block = this.#blockFor(time, (ends[done] as number) - from);
      const { offsets, times, sockets, lengths, kinds, flags, heads, tails, payload } = block.columns;
      const limit = Math.min(count, done + block.columns.capacity - block.count);
      const end = fitting(ends, done, limit, from + payload.length - block.used);
      const delta = block.delta(time);
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
        flags[to] = boundaries.flags[index] as number;
        heads[to] = boundaries.heads[index] as number;
        tails[to] = boundaries.tails[index] as number;
      }
      // `begin` is now where the messages that fitted end; `held` belongs to the first of all.
      let to = block.used;
      if (from < 0) {
        payload.set(carryOver, to);
        to += carryOver.length;
      }
      const start = Math.max(from, 0);
      payload.set(start === 0 && begin === bytes.length ? bytes : bytes.subarray(start, begin), to);
      this.#advance(block, end - done, begin - from, time);
      done = end;
      from = begin;
    }
    return seq;
  }

  /** Leaves out the next `length` bytes of a stream, which are not here: what is recorded next begins behind them. */
  skip(socket: number, direction: 'in' | 'out', length: number): void {
    this.#streams.advance(socket, direction, length);
  }

  read(socket: number, at: number, length: number): void {
    if (this.#stopped) return;
    const offset = this.#streams.read(socket, length);
    // Where records are lost, so are their reads.
    if (this.#failing && this.#full()) return;
    if (this.#reads.add(socket, at, offset, length)) {
      this.#arm();
      return;
    }
    this.#handSockets();
    this.#handReads();
    this.#reads.add(socket, at, offset, length);
  }

  /** Hands over all that waits here. */
  flush(): void {
    this.#handSockets();
    this.#handReads();
    this.#handRecords();
    if (!this.#stopped) this.#backlog.look();
  }

  /** The writer cannot write: what was recorded waits there, and what comes waits too, as long as there is memory. */
  fail(): void {
    this.#failing = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The writer writes on. What was lost meanwhile is recorded as such. */
  recover(): void {
    this.#failing = false;
    const amends = this.#losses?.amends();
    this.#losses = undefined;
    for (const info of amends?.infos ?? []) this.describe(info);
    for (const { socket, at, event } of amends?.events ?? []) this.event(socket, at, event);
    this.flush();
  }

  /** The writer is done with `bytes` of what it was given (as `filledSize` counts) and returns their buffers. */
  written(bytes: number, buffers: readonly ArrayBuffer[]): void {
    this.#pool.giveBack(buffers);
    this.#reads.giveBack(buffers);
    this.#backlog.take(bytes);
  }

  /** Keeps nothing from now on: the writer is gone or the log is closed. Numbers go on, and nothing is congested. */
  stop(): void {
    this.#stopped = true;
    this.#filling = undefined;
    this.#infos = [];
    this.#pool.clear();
    this.#reads.clear();
    clearTimeout(this.#timer);
    this.#backlog.drain();
  }

  #timeOf(at: number): number {
    if (at < this.#latestAt) return this.#latestAt;
    if (this.#options.ascending) this.#latestAt = at;
    return at;
  }

  /** The block with room for a record of `length` bytes at time `at`; hands over the one that has none. */
  #blockFor(at: number, length: number): FillingBlock {
    if (this.#filling && !this.#filling.hasRoom(at, length)) this.flush();
    this.#filling ??= this.#pool.take(this.#packed, at, length);
    return this.#filling;
  }

  #advance(block: FillingBlock, records: number, bytes: number, at: number): void {
    this.#packed += records;
    block.count += records;
    block.used += bytes;
    // A turn of the event loop that reads many sockets may last longer than the timer should.
    const isOld = at - block.baseTime - clockSlackMs >= this.#options.maxAgeMs && !this.#failing;
    if (block.full || isOld) this.flush();
    else this.#arm();
  }

  #handSockets(): void {
    if (this.#infos.length === 0) return;
    const infos = this.#infos;
    this.#infos = [];
    this.#backlog.add(infos.length * socketInfoSize);
    this.#output.sockets(infos);
  }

  #handReads(): void {
    const reads = this.#reads.take();
    if (reads === undefined) return;
    this.#backlog.add(readsSize(reads));
    this.#output.reads(reads);
  }

  #handRecords(): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    this.#filling = undefined;
    const block = this.#pool.hand(filling);
    this.#backlog.add(filledSize(block));
    this.#output.records(block);
  }

  /** True where there is no memory for what comes while the file cannot be written: then it is counted. */
  #full(): boolean {
    if (this.#losses) return true;
    if (this.#backlog.waiting <= this.#options.maxHeld) return false;
    this.#losses = new Losses();
    return true;
  }

  /** One timer serves all blocks: it hands over what is there when it fires, a little early at times, never late. */
  #arm(): void {
    // What cannot be written need not be handed over before there is a block of it.
    if (this.#timer !== undefined || this.#failing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#options.maxAgeMs);
    this.#timer.unref();
  }
}
