import type { SocketInfo } from '../record/record.ts';
import { formatAddress } from '../socket/address.ts';
import type { Address, SocketEvent } from '../socket/event.ts';
import { type CaptureSink, Side } from './side.ts';
import { type Budget, TcpStream } from './tcp-stream.ts';
import type { TcpSegment } from './transport.ts';

export type Direction = 'in' | 'out';

/** What a flow is made with. */
export interface FlowStart {
  /** The socket's number in the session. */
  readonly id: number;
  readonly local: Address;
  readonly peer: Address;
  /** Our side accepted the connection; otherwise it made it. */
  readonly accepted: boolean;
  /** Segments up to one with PSH are one message. */
  readonly joined: boolean;
}

/** The socket of a flow. */
export function describeFlow({ id, local, peer, accepted }: FlowStart, transport: 'tcp' | 'udp'): SocketInfo {
  const role = accepted ? 'accepted' : 'outgoing';
  const ends = { local: formatAddress(local), peer: formatAddress(peer) };
  return { id, role, transport, endpoint: '', name: '', ...ends, framing: 'raw' };
}

/** One TCP connection of a capture: its segments become messages in order, its flags lifecycle events. */
export class TcpFlow {
  readonly start: FlowStart;
  /** When its last segment came. */
  lastAt = 0;
  readonly #sink: CaptureSink;
  readonly #sides: Record<Direction, { readonly side: Side; readonly stream: TcpStream }>;
  #state: 'new' | 'connecting' | 'open' | 'closed' = 'new';
  #synAt = 0;
  #synSequence: number | undefined;
  #endedFirst: Direction | undefined;
  /** The end is being told: no other one follows. */
  #closing = false;

  constructor(start: FlowStart, sink: CaptureSink, budget: Budget) {
    this.start = start;
    this.#sink = sink;
    const make = (direction: Direction) => {
      const side = new Side({ socket: start.id, direction, joined: start.joined }, sink, () => this.#ended(direction));
      return { side, stream: new TcpStream(side, budget) };
    };
    this.#sides = { in: make('in'), out: make('out') };
    sink.describe(describeFlow(start, 'tcp'));
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Bytes that came behind the end of their stream, and were not recorded. */
  get late(): number {
    return this.#sides.in.stream.late + this.#sides.out.stream.late;
  }

  /** True where `segment` begins another connection between the same two ends. */
  isRenewedBy({ syn, acknowledged, sequence }: TcpSegment): boolean {
    if (!syn || acknowledged !== undefined || this.#state === 'new') return false;
    return sequence !== this.#synSequence;
  }

  take(segment: TcpSegment, direction: Direction, at: number): void {
    const { sequence, acknowledged, payload, length } = segment;
    this.#setTime(at);
    if (segment.reset) {
      this.#reset(direction);
      return;
    }
    const { stream } = this.#sides[direction];
    const other = this.#sides[direction === 'in' ? 'out' : 'in'].stream;
    const first = segment.syn ? sequence + 1 : sequence;
    if (acknowledged !== undefined) other.begin(acknowledged);
    stream.begin(first);
    this.#advance(segment, at);
    if (acknowledged !== undefined) other.acknowledge(acknowledged, at);
    stream.push(first, payload, length, segment.push, at);
    if (segment.fin && !this.closed) stream.finish(first + length);
  }

  /** Ends the flow at time `at`, where it has not ended by itself: `why` goes into its last record. */
  stop(why: string, at: number): void {
    if (this.closed) return;
    this.#setTime(at);
    this.#close({ kind: 'closed', cause: 'stopped', text: why, bytesIn: 0, bytesOut: 0 });
  }

  #setTime(at: number): void {
    this.lastAt = at;
    this.#sides.in.side.at = at;
    this.#sides.out.side.at = at;
  }

  /** The events of the handshake. */
  #advance({ syn, acknowledged, sequence }: TcpSegment, at: number): void {
    const { peer, accepted } = this.start;
    if (this.#state === 'open') return;
    if (syn && acknowledged === undefined) {
      if (this.#state !== 'new') return;
      this.#state = 'connecting';
      this.#synAt = at;
      this.#synSequence = sequence;
      if (!accepted) this.#emit({ kind: 'connecting', peer, attempt: 1, of: 1 });
      return;
    }
    const began = this.#state === 'connecting' || syn;
    this.#synAt = this.#state === 'connecting' ? this.#synAt : at;
    this.#state = 'open';
    if (began) this.#emit(this.#openedEvent(at));
    else {
      const text = 'the capture begins in the middle of this connection: what was sent before is not in it';
      this.#emit({ kind: 'problem', text });
    }
  }

  #openedEvent(at: number): SocketEvent {
    const { local, peer, accepted } = this.start;
    // Which listener took it, the capture does not say.
    if (accepted) return { kind: 'accepted', local, peer, listener: 0 };
    return { kind: 'opened', local, peer, elapsedMs: Math.max(0, at - this.#synAt) };
  }

  #reset(direction: Direction): void {
    const { peer, accepted } = this.start;
    const counts = { bytesIn: 0, bytesOut: 0 };
    if (this.#state === 'connecting' && !accepted && direction === 'in') {
      const errno = 'ECONNREFUSED';
      this.#emit({ kind: 'failed', call: 'connect', errno, text: 'connection refused', address: peer });
      this.#close({ kind: 'closed', cause: 'failed', errno, ...counts });
    } else if (direction === 'in') {
      this.#close({ kind: 'closed', cause: 'reset-by-peer', errno: 'ECONNRESET', ...counts });
    } else {
      this.#close({ kind: 'closed', cause: 'reset-by-us', ...counts });
    }
  }

  #ended(direction: Direction): void {
    this.#endedFirst ??= direction;
    this.#emit({ kind: direction === 'in' ? 'ended' : 'shutdown' });
    const orderly = this.#orderly();
    if (orderly && !this.#closing) this.#close(orderly);
  }

  /** How it ends where both sides have ended; `undefined` where one has not. */
  #orderly(): (SocketEvent & { kind: 'closed' }) | undefined {
    if (!this.#sides.in.stream.hasEnded || !this.#sides.out.stream.hasEnded) return undefined;
    return { kind: 'closed', cause: this.#endedFirst === 'in' ? 'peer' : 'local', bytesIn: 0, bytesOut: 0 };
  }

  #close(event: SocketEvent & { kind: 'closed' }): void {
    this.#closing = true;
    for (const { stream, side } of [this.#sides.out, this.#sides.in]) {
      stream.flush();
      side.release();
      side.tellCuts();
    }
    const last = event.cause === 'stopped' ? (this.#orderly() ?? event) : event;
    this.#emit({ ...last, bytesIn: this.#sides.in.side.recorded, bytesOut: this.#sides.out.side.recorded });
    this.#state = 'closed';
  }

  #emit(event: SocketEvent): void {
    this.#sink.event(this.start.id, this.lastAt, event);
  }
}
