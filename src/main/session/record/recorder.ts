import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import { isProblem, kindCodes, type LogSink, type SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { BlockPool, clockSlackMs, type FillingBlock } from '../format/filling-block.ts';
import { FillingReads } from '../format/filling-reads.ts';
import { Losses, StreamOffsets } from './recorded-sockets.ts';
import { Backlog, defaultOptions, Handover, type RecorderOptions, type RecorderOutput } from './recorder-output.ts';

/** Packs records into column buffers on the engine's thread: no object per message, one copy of its bytes. */
export class Recorder implements LogSink {
  readonly #options: RecorderOptions;
  readonly #pool: BlockPool;
  readonly #streams = new StreamOffsets();
  readonly #backlog: Backlog;
  readonly #handover: Handover;
  readonly #reads = new FillingReads();
  #infos: SocketInfo[] = [];

  #filling: FillingBlock | undefined;
  #next = 0;
  /** Records put into buffers so far: less than `#next` while a batch is being split. */
  #packed = 0;
  #messages = 0;
  #bytes = 0;
  #problems = 0;
  #stopped = false;
  /** The latest time of a record, where times ascend. */
  #latestAt = Number.NEGATIVE_INFINITY;
  /** The file cannot be written: new records wait, and those for which there is no memory are counted as lost. */
  #failing = false;
  #losses: Losses | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: RecorderOutput, options: Partial<RecorderOptions> = {}) {
    this.#options = { ...defaultOptions, ...options };
    this.#pool = new BlockPool(this.#options.capacity, this.#options.payloadCapacity);
    this.#backlog = new Backlog(this.#options.maxWaiting, (is) => output.awaited(is));
    this.#handover = new Handover(output, this.#backlog);
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

  /** The number of recorded events that are problems. */
  get problems(): number {
    return this.#problems;
  }

  get congested(): boolean {
    return this.#backlog.congested;
  }

  get stalled(): boolean {
    return this.#failing && this.#backlog.congested;
  }

  /** The number of records lost because there was no memory for them while the file could not be written. */
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
    block.addEvent(socket, kindCodes[event.kind], time, json);
    this.#advance(block, 1, time);
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
    const offset = this.#streams.advance(socket, direction, total);
    const time = this.#timeOf(at);
    const batch = { socket, kind: kindCodes[direction], at: time, offset, carryOver, bytes, boundaries };
    // Where message `done` begins, counted from the start of `bytes`: negative if it begins in `carryOver`.
    let from = -carryOver.length;
    for (let done = 0; done < count; ) {
      const block = this.#blockFor(time, (ends[done] as number) - from);
      const end = block.addMessages(batch, done, from);
      this.#advance(block, end - done, time);
      done = end;
      from = ends[done - 1] as number;
    }
    return seq;
  }

  /** Skips the next `length` bytes of a stream, which are missing: what is recorded next begins after them. */
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
    this.#handover.sockets(this.#infos.splice(0));
    this.#handover.reads(this.#reads.take());
    this.#reads.add(socket, at, offset, length);
  }

  /** Hands over all waiting records, reads and sockets. */
  flush(): void {
    this.#handover.sockets(this.#infos.splice(0));
    this.#handover.reads(this.#reads.take());
    const filling = this.#filling;
    this.#filling = undefined;
    if (filling) this.#handover.records(this.#pool.hand(filling));
    if (!this.#stopped) this.#backlog.look();
  }

  /** Notes that the writer cannot write: records wait there, and new ones too, as long as there is memory. */
  fail(): void {
    this.#failing = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Notes that the writer writes again, and records what was lost meanwhile. */
  recover(): void {
    this.#failing = false;
    const replacements = this.#losses?.replacements();
    this.#losses = undefined;
    for (const info of replacements?.infos ?? []) this.describe(info);
    for (const { socket, at, event } of replacements?.events ?? []) this.event(socket, at, event);
    this.flush();
  }

  /** Notes that the writer has finished `bytes` (as `filledSize` counts) and returns their buffers. */
  written(bytes: number, buffers: readonly ArrayBuffer[]): void {
    this.#pool.giveBack(buffers);
    this.#reads.giveBack(buffers);
    this.#backlog.take(bytes);
  }

  /** Discards everything from now on: the writer is gone or the log is closed. Still counts record numbers; never congested. */
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

  /** Returns the block with room for a record of `length` bytes at time `at`; hands over a full one. */
  #blockFor(at: number, length: number): FillingBlock {
    if (this.#filling && !this.#filling.hasRoom(at, length)) this.flush();
    this.#filling ??= this.#pool.take(this.#packed, at, length);
    return this.#filling;
  }

  /** Counts records that were added to `block`, and hands it over if it is full or old. */
  #advance(block: FillingBlock, records: number, at: number): void {
    this.#packed += records;
    // A turn of the event loop that reads many sockets may last longer than the timer should.
    const isOld = at - block.baseTime - clockSlackMs >= this.#options.maxAgeMs && !this.#failing;
    if (block.full || isOld) this.flush();
    else this.#arm();
  }

  /** True if there is no memory for new records while the file cannot be written: they are counted as lost. */
  #full(): boolean {
    if (this.#losses) return true;
    if (this.#backlog.waiting <= this.#options.maxKept) return false;
    this.#losses = new Losses();
    return true;
  }

  /** Starts the one timer for all blocks: it hands over what is there when it fires, sometimes a little early, never late. */
  #arm(): void {
    // While nothing can be written, only full blocks are handed over.
    if (this.#timer !== undefined || this.#failing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#options.maxAgeMs);
    this.#timer.unref();
  }
}
