import { type Direction, describeFlow, type FlowStart } from './flow-start.ts';
import type { RecordSink } from './record-order.ts';
import { Side } from './side.ts';
import type { Segment } from './transport.ts';

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
