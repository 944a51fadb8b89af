import type { SocketEvent } from '../../socket/event.ts';
import { type Direction, describeFlow, type FlowStart, type ResetConnection } from './flow-table.ts';
import type { TcpSegment } from './ip.ts';
import type { RecordSink } from './record-order.ts';
import { Side } from './side.ts';
import { type StreamBudgets, TcpStream } from './tcp-stream.ts';

type Closed = SocketEvent & { readonly kind: 'closed' };
const counts = { bytesIn: 0, bytesOut: 0 };

/** One TCP connection of a capture. Its segments become messages in order, its flags lifecycle events. */
export class TcpFlow {
  readonly start: FlowStart;
  /** The time of its last segment. */
  lastAt = 0;
  readonly #sink: RecordSink;
  readonly #sides: Record<Direction, { readonly side: Side; readonly stream: TcpStream }>;
  readonly #handshake: Handshake;
  #isClosed = false;
  #endedFirst: Direction | undefined;
  /** The end is being recorded, so it must not be recorded again. */
  #closing = false;
  #reset: ResetConnection | undefined;
  /** Directions of which the capture has segments. */
  readonly #captured = new Set<Direction>();

  constructor(start: FlowStart, sink: RecordSink, budgets: StreamBudgets) {
    this.start = start;
    this.#sink = sink;
    this.#handshake = new Handshake(start);
    const make = (direction: Direction) => {
      const side = new Side({ socket: start.id, direction, joined: start.joined }, sink, (at) =>
        this.#ended(direction, at),
      );
      return { side, stream: new TcpStream(side, budgets, !start.joined) };
    };
    this.#sides = { in: make('in'), out: make('out') };
    sink.describe(describeFlow(start, 'tcp'));
    for (const direction of ['in', 'out'] as const) {
      const next = start.reset?.next[direction];
      if (next !== undefined) this.#sides[direction].stream.synchronize(next);
    }
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  /** Bytes after the end of their stream that were not recorded. */
  get late(): number {
    return this.#sides.in.stream.late + this.#sides.out.stream.late;
  }

  /** Bytes before the first byte of their stream that were captured after it and not recorded. */
  get early(): number {
    return this.#sides.in.stream.early + this.#sides.out.stream.early;
  }

  /** The time (milliseconds) since which a segment waits for earlier bytes; `undefined` if none waits. */
  get waitingSince(): number | undefined {
    if (this.#isClosed) return undefined;
    const received = this.#sides.in.stream.waitingSince;
    const sent = this.#sides.out.stream.waitingSince;
    return received === undefined || sent === undefined ? (received ?? sent) : Math.min(received, sent);
  }

  /** The ends of its streams if a RST closed it. */
  get reset(): ResetConnection | undefined {
    return this.#reset;
  }

  /** Returns true if `segment` begins another connection between the same two ends. */
  isRenewedBy(segment: TcpSegment): boolean {
    if (this.start.reset) return segment.syn && segment.acknowledged === undefined;
    return this.#handshake.isRenewedBy(segment);
  }

  /** Processes a segment of `direction` at time `at`. */
  take(segment: TcpSegment, direction: Direction, at: number): void {
    const { sequence, acknowledged, payload, length } = segment;
    const { stream } = this.#sides[direction];
    const other = this.#sides[direction === 'in' ? 'out' : 'in'].stream;
    if (this.start.reset && this.#captured.size === 0) this.#tellOfReset(at);
    this.#captured.add(direction);
    this.lastAt = at;
    const first = segment.syn ? sequence + 1 : sequence;
    // A reset may have a number that the connection never used.
    if (acknowledged !== undefined && !segment.reset) other.begin(acknowledged);
    if (segment.syn) stream.synchronize(first);
    if (!segment.reset || length > 0) this.#advance(segment, at);
    if (acknowledged !== undefined && !segment.reset) other.acknowledge(acknowledged, at);
    stream.push(first, payload, length, segment.push, at);
    if (segment.reset) this.#takeReset(direction, at);
    else if (segment.fin && !this.closed) stream.finish(first + length, at);
  }

  /** Gives up gaps that are too old at the time `now`. */
  settle(now: number): void {
    const { in: received, out: sent } = this.#sides;
    received.stream.settle(now, !this.#captured.has('out'));
    sent.stream.settle(now, !this.#captured.has('in'));
  }

  /** Ends the flow at time `at` if it has not ended; its last record contains `why`. */
  stop(why: string, at: number): void {
    if (this.closed) return;
    this.lastAt = at;
    const text = this.start.reset ? 'the connection was reset before' : why;
    this.#close({ kind: 'closed', cause: 'stopped', text, ...counts }, at);
  }

  #advance(segment: TcpSegment, at: number): void {
    const event = this.start.reset ? undefined : this.#handshake.take(segment, at);
    if (event) this.#emit(event, at);
  }

  #tellOfReset(at: number): void {
    const text = `the following bytes were sent after the reset (RST) of socket ${this.start.reset?.socket}: a receiver discards them`;
    this.#emit({ kind: 'problem', text }, at);
  }

  #takeReset(direction: Direction, at: number): void {
    // Bytes after a reset are often answered with a RST each.
    if (this.start.reset || this.closed) return;
    const { id, peer, accepted } = this.start;
    const isRefused = this.#handshake.state === 'connecting' && !accepted && direction === 'in';
    const { in: received, out: sent } = this.#sides;
    if (isRefused) {
      const errno = 'ECONNREFUSED';
      this.#emit({ kind: 'failed', call: 'connect', errno, text: 'connection refused', address: peer }, at);
      this.#close({ kind: 'closed', cause: 'failed', errno, ...counts }, at);
    } else if (direction === 'in') {
      this.#close({ kind: 'closed', cause: 'reset-by-peer', errno: 'ECONNRESET', ...counts }, at);
    } else {
      this.#close({ kind: 'closed', cause: 'reset-by-us', ...counts }, at);
    }
    if (!isRefused) this.#reset = { socket: id, next: { in: received.stream.next, out: sent.stream.next } };
  }

  #ended(direction: Direction, at: number): void {
    this.#endedFirst ??= direction;
    this.#sink.event(this.start.id, at, { kind: direction === 'in' ? 'ended' : 'shutdown' }, direction);
    const orderly = this.#orderly();
    if (orderly && !this.#closing) this.#close(orderly, this.lastAt);
  }

  /** Returns how it ended if both sides have ended; else `undefined`. */
  #orderly(): Closed | undefined {
    if (!this.#sides.in.stream.hasEnded || !this.#sides.out.stream.hasEnded) return undefined;
    return { kind: 'closed', cause: this.#endedFirst === 'in' ? 'peer' : 'local', ...counts };
  }

  #close(event: Closed, at: number): void {
    this.#closing = true;
    for (const direction of ['out', 'in'] as const) {
      const { stream, side } = this.#sides[direction];
      stream.flush(at, this.#captured.has(direction));
      side.release();
      side.tellCuts(at);
      this.#tellOfStart(direction, at);
    }
    const last = event.cause === 'stopped' ? (this.#orderly() ?? event) : event;
    this.#emit({ ...last, bytesIn: this.#sides.in.side.recorded, bytesOut: this.#sides.out.side.recorded }, at);
    this.#isClosed = true;
  }

  /** Reports the bytes of a direction that are missing in the capture or not part of the stream. */
  #tellOfStart(direction: Direction, at: number): void {
    const { stream } = this.#sides[direction];
    const way = direction === 'in' ? 'received' : 'sent';
    if (!this.#captured.has(direction) && stream.unseen > 1) {
      const text = `the capture has only one direction of this connection: about ${stream.unseen} bytes ${way} are not in it`;
      this.#emit({ kind: 'problem', text }, at);
    }
    if (stream.beganWithProbe) {
      const text = `a keep-alive probe is the first packet ${way}: its byte is not part of the stream`;
      this.#emit({ kind: 'problem', text }, at);
    }
  }

  #emit(event: SocketEvent, at: number): void {
    this.#sink.event(this.start.id, at, event);
  }
}

const noSyn = 'no SYN was captured: the start time is unknown';
const noSynAck = 'no SYN-ACK was captured: this is the time of the next packet';
const middle = 'the capture begins in the middle of this connection: earlier bytes are missing';

/** Derives the events of a connection's start from its segments, and reports times that no packet shows. */
export class Handshake {
  state: 'new' | 'connecting' | 'open' = 'new';
  readonly #start: FlowStart;
  #synAt = 0;
  /** The sequence number of the client's SYN. */
  #synSequence: number | undefined;

  constructor(start: FlowStart) {
    this.#start = start;
  }

  /** Returns true if `segment` begins another connection between the same two ends. */
  isRenewedBy({ syn, acknowledged, sequence }: TcpSegment): boolean {
    if (!syn || acknowledged !== undefined || this.state === 'new') return false;
    return sequence !== this.#synSequence;
  }

  /** Processes the next segment, captured at `at`; returns the events of the start that it shows. */
  take({ syn, acknowledged, sequence }: TcpSegment, at: number): SocketEvent | undefined {
    if (this.state === 'open') return undefined;
    const { peer, accepted } = this.#start;
    if (syn && acknowledged === undefined) {
      if (this.state !== 'new') return undefined;
      this.state = 'connecting';
      this.#synAt = at;
      this.#synSequence = sequence;
      return accepted ? undefined : { kind: 'connecting', peer, attempt: 1, of: 1 };
    }
    const hadSyn = this.state === 'connecting';
    this.state = 'open';
    if (hadSyn) return this.#opened(at - this.#synAt, syn ? undefined : noSynAck);
    if (!syn || acknowledged === undefined) return { kind: 'problem', text: middle };
    // A SYN that the capture has after its answer is not a new one.
    this.#synSequence = (acknowledged - 1) >>> 0;
    return this.#opened(0, noSyn);
  }

  #opened(elapsedMs: number, assumed: string | undefined): SocketEvent {
    const { local, peer, accepted } = this.#start;
    const marked = assumed === undefined ? undefined : { assumed };
    // The capture does not show which listener accepted it.
    if (accepted) return { kind: 'accepted', local, peer, listener: 0, ...marked };
    return { kind: 'opened', local, peer, elapsedMs: Math.max(0, elapsedMs), ...marked };
  }
}
