import type { SocketEvent } from '../../socket/event.ts';
import type { FlowStart } from './flow-start.ts';
import type { TcpSegment } from './transport.ts';

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
