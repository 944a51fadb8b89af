import { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import type { SocketEvent } from '../../socket/event.ts';
import { type Direction, describeFlow, type FlowStart } from './flow-table.ts';
import type { Segment } from './ip.ts';
import type { RecordSink } from './record-order.ts';
import type { StreamOutput, StreamRange } from './tcp-stream.ts';

/** Maximum bytes of a message that is assembled from several segments. */
const maxMessage = 64 * 1_048_576;
const none = new Uint8Array(0);
// Shared by all: the sink copies it before it returns.
const boundaries = new Boundaries(1);

interface SideOptions {
  readonly socket: number;
  readonly direction: 'in' | 'out';
  /** The segments up to one with PSH are one message, as in captures that Wirebench exported. Otherwise each segment is one. */
  readonly joined: boolean;
}

/** One side of a socket: records the bytes that it sent as messages, and counts those that the capture does not contain. */
export class Side implements StreamOutput {
  /** Bytes recorded. */
  recorded = 0;
  /** Segments that the capture truncated, and the number of their missing bytes. */
  cutSegments = 0;
  cutBytes = 0;
  readonly #options: SideOptions;
  readonly #sink: RecordSink;
  readonly #onEnd: (at: number) => void;
  /** The start of an incomplete message in a growing buffer: segments of one byte each would need much more memory. */
  #carryOver: Uint8Array = none;
  #carryOverBytes = 0;
  /** The time of its last byte, in milliseconds since the epoch. */
  #heldAt = 0;
  /** Bytes that are missing before the next record. */
  #missing = 0;

  /** `onEnd`: the sender has ended this side. */
  constructor(options: SideOptions, sink: RecordSink, onEnd: (at: number) => void) {
    this.#options = options;
    this.#sink = sink;
    this.#onEnd = onEnd;
  }

  bytes(captured: Uint8Array, length: number, push: boolean, at: number): void {
    const missing = length - captured.length;
    if (missing > 0) {
      this.cutSegments += 1;
      this.cutBytes += missing;
    }
    if (!this.#options.joined || missing > 0) {
      this.#release(captured, missing > 0 ? messageFlags.incomplete : 0, at);
      this.#missing += missing;
    } else if (push) {
      this.#release(captured, 0, at);
    } else if (this.#carryOverBytes + captured.length > maxMessage) {
      this.#release(captured, messageFlags.truncated, at);
      const text = `a message of more than ${maxMessage} bytes was truncated`;
      this.#event(at, { kind: 'limited', limit: 'maxMessage', text });
    } else {
      this.#hold(captured, at);
    }
  }

  missing(range: StreamRange, at: number): void {
    this.release();
    this.#missing += range.length;
    const text = `${range.length} bytes ${this.#way} here are missing in the capture: ${place(range)}`;
    this.#event(at, { kind: 'problem', text });
  }

  conflict(range: StreamRange, at: number): void {
    const where = place(range);
    const text = `a retransmission differs from the bytes ${this.#way} before in ${where}: the earlier ones are kept`;
    this.#event(at, { kind: 'problem', text });
  }

  ended(at: number): void {
    this.release();
    this.#onEnd(at);
  }

  /** Records the start of an incomplete message, of which no more follows. */
  release(): void {
    if (this.#carryOverBytes > 0) this.#release(none, messageFlags.incomplete, this.#heldAt);
  }

  /** Reports at time `at` what the capture has truncated, if anything. */
  tellCuts(at: number): void {
    if (this.cutSegments === 0) return;
    const text = `of ${this.cutSegments} packets ${this.#way} the capture has only the beginning: ${this.cutBytes} bytes are missing`;
    this.#event(at, { kind: 'limited', limit: 'snaplen', text });
  }

  get #way(): string {
    return this.#options.direction === 'in' ? 'received' : 'sent';
  }

  #event(at: number, event: SocketEvent): void {
    const { socket, direction } = this.#options;
    this.#sink.event(socket, at, event, direction);
  }

  #hold(captured: Uint8Array, at: number): void {
    this.#heldAt = at;
    const length = this.#carryOverBytes + captured.length;
    if (length > this.#carryOver.length) {
      const larger = new Uint8Array(Math.max(length, this.#carryOver.length * 2));
      larger.set(this.#carryOver.subarray(0, this.#carryOverBytes));
      this.#carryOver = larger;
    }
    this.#carryOver.set(captured, this.#carryOverBytes);
    this.#carryOverBytes = length;
  }

  /** Creates one record of the waiting bytes and `last`; none if the capture contains no byte of them. */
  #release(last: Uint8Array, flags: number, at: number): void {
    const { socket, direction } = this.#options;
    if (this.#carryOverBytes + last.length === 0 && flags !== 0) return;
    const carryOver = this.#carryOver.subarray(0, this.#carryOverBytes);
    boundaries.clear();
    boundaries.push(last.length, 0, 0, flags);
    this.#sink.messages(socket, direction, at, carryOver, last, boundaries, this.#missing);
    this.#missing = 0;
    this.recorded += carryOver.length + last.length;
    this.#carryOver = none;
    this.#carryOverBytes = 0;
  }
}

/** Describes the place of bytes in their stream. The numbers are modulo 2³², as in the packets. */
function place({ from, sequence, length }: StreamRange): string {
  const last = (sequence + length - 1) >>> 0;
  if (length === 1) return `byte ${from} of the stream (TCP sequence number ${sequence})`;
  return `bytes ${from} to ${from + length - 1} of the stream (TCP sequence numbers ${sequence} to ${last})`;
}

/** The datagrams between two UDP ports: each is a message. */
export class UdpFlow {
  readonly start: FlowStart;
  /** The time of its last datagram. */
  lastAt = 0;
  readonly #sink: RecordSink;
  readonly #sides: Record<Direction, Side>;

  constructor(start: FlowStart, sink: RecordSink) {
    this.start = start;
    this.#sink = sink;
    const make = (direction: Direction) =>
      // A datagram is always whole.
      new Side({ socket: start.id, direction, joined: false }, sink, () => undefined);
    this.#sides = { in: make('in'), out: make('out') };
    sink.describe(describeFlow(start, 'udp'));
  }

  take({ payload, length }: Segment, direction: Direction, at: number): void {
    this.lastAt = at;
    this.#sides[direction].bytes(payload, length, true, at);
  }

  /** Ends the flow at time `at`; its last record contains `why`. */
  stop(why: string, at: number): void {
    const { in: received, out: sent } = this.#sides;
    for (const side of [sent, received]) side.tellCuts(at);
    const counts = { bytesIn: received.recorded, bytesOut: sent.recorded };
    this.#sink.event(this.start.id, at, { kind: 'closed', cause: 'stopped', text: why, ...counts });
  }
}
