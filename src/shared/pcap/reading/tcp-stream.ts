import { type Budget, before, type Difference, SentHistory } from './sent-history.ts';
import { StreamStart, type WaitingSegment, WaitingSegments } from './waiting-segments.ts';

/** Receives one direction of a connection in order. Times are those of the packets, in milliseconds. */
export interface StreamOutput {
  /** Receives the next bytes, of which there were `length` on the wire; the capture may have truncated them. Views: copy to keep. */
  bytes(captured: Uint8Array, length: number, push: boolean, at: number): void;
  /** The next bytes, `range`, are not in the capture; the bytes after them were captured at `at`. */
  missing(range: StreamRange, at: number): void;
  /** The bytes of `range` were sent again at `at` with different content. */
  conflict(range: StreamRange, at: number): void;
  /** The sender has ended its side, with a packet captured at `at`. */
  ended(at: number): void;
}

/** A part of a stream: its first byte, counted from 0 with missing bytes, and its first sequence number. */
export interface StreamRange {
  readonly from: number;
  readonly sequence: number;
  readonly length: number;
}

/** Memory that all streams of a capture share: for early segments, and for comparison with retransmissions. */
export interface StreamBudgets {
  readonly waiting: Budget;
  readonly history: Budget;
}

/** The time after which a gap is given up that was acknowledged: captures may show an acknowledgement slightly early. */
const patience = { ms: 1_000, segments: 64 };
/** The time after which a gap is given up in a capture of one direction, which has no acknowledgements. */
const unansweredMs = 10_000;

/**
 * One direction of a TCP connection, ordered by sequence numbers (RFC 9293, section 3.4, modulo 2³²). Where segments overlap, the first
 * bytes are kept. A retransmission is compared with them and dropped. Early segments wait, up to a limit; bytes that never arrive are
 * reported as missing.
 */
export class TcpStream {
  /** Bytes of retransmissions. */
  repeated = 0;
  /** Bytes after the end of the stream. */
  late = 0;
  /** Bytes from before the first byte of the stream that were captured after it. */
  early = 0;
  readonly #output: StreamOutput;
  readonly #waiting: WaitingSegments;
  readonly #history: SentHistory;
  readonly #start: StreamStart;
  #next: number | undefined;
  /** The offset of `#next` in the stream, counted from 0. */
  #position = 0;
  #acknowledged: number | undefined;
  #end: number | undefined;
  #endAt = 0;
  #ended = false;

  /** `mayProbe`: its first byte may be a keep-alive probe; false for captures that Wirebench exported. */
  constructor(output: StreamOutput, { waiting, history }: StreamBudgets, mayProbe = true) {
    this.#start = new StreamStart(mayProbe);
    this.#output = output;
    this.#waiting = new WaitingSegments(waiting);
    this.#history = new SentHistory(history);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The sequence number of the next byte; `undefined` while the stream is unknown. */
  get next(): number | undefined {
    return this.#next;
  }

  /** True if the first byte was a keep-alive probe, which is not part of the stream. */
  get beganWithProbe(): boolean {
    return this.#start.hadProbe;
  }

  /** The number of bytes that the other side acknowledges and that are not here. */
  get unseen(): number {
    return this.#acknowledged === undefined ? 0 : Math.max(0, this.#ahead(this.#acknowledged));
  }

  /** The time (milliseconds) since which a segment waits for earlier bytes; `undefined` if none waits. */
  get waitingSince(): number | undefined {
    const { first } = this.#waiting;
    return first?.at ?? (this.#end !== undefined && !this.#ended ? this.#endAt : undefined);
  }

  /** Sets the sequence number after a SYN. The last one applies until there is data: a server may have answered twice. */
  synchronize(sequence: number): void {
    this.#next = this.#start.synchronize(sequence, this.#next);
  }

  /** Sets the sequence number of the next byte by the other side's acknowledgement. */
  begin(sequence: number): void {
    this.#next = this.#start.acknowledge(sequence, this.#next);
  }

  /** Processes a data segment at time `at` (milliseconds). */
  push(sequence: number, captured: Uint8Array, length: number, push: boolean, at: number): void {
    if (length === 0) return;
    this.#next = this.#start.push({ sequence, captured, length, push }, this.#next);
    const ahead = this.#ahead(sequence);
    if (this.#ended || (this.#end !== undefined && before(this.#end, sequence + length) > 0)) {
      // Directly at the end, only old bytes are expected: probes of an idle connection.
      if (this.#ended && ahead + length <= 0) this.#compare(sequence, captured, length, at);
      else this.late += length;
      return;
    }
    const segment = { sequence: sequence >>> 0, captured, length, push, at };
    if (ahead > 0) {
      this.#keep(segment);
      return;
    }
    this.#take(segment, ahead);
    this.#drain();
  }

  /** Processes the sender's FIN, captured at `at`, after byte `sequence`. */
  finish(sequence: number, at: number): void {
    this.#next ??= sequence >>> 0;
    if (this.#ended || this.#ahead(sequence) < 0) return;
    if (this.#end === undefined) this.#endAt = at;
    this.#end ??= sequence >>> 0;
    this.#drain();
  }

  /** Processes an acknowledgement of all bytes before `sequence`. */
  acknowledge(sequence: number, at: number): void {
    if (this.#acknowledged === undefined || before(this.#acknowledged, sequence) > 0)
      this.#acknowledged = sequence >>> 0;
    this.settle(at);
  }

  /** Gives up gaps that are too old at the time `now`. `isAlone`: the other direction was not captured. */
  settle(now: number, isAlone = false): void {
    for (let since = this.waitingSince; since !== undefined; since = this.waitingSince) {
      const to = this.#waiting.first?.sequence ?? (this.#end as number);
      const isAcknowledged = this.#acknowledged !== undefined && before(to, this.#acknowledged) >= 0;
      const isOver = now - since > patience.ms || this.#waiting.count > patience.segments;
      if (!(isAcknowledged && isOver) && !(isAlone && now - since > unansweredMs)) return;
      this.#giveUpHole();
    }
  }

  /**
   * Ends the stream: hands out the waiting segments and reports missing bytes, at its end only if a part of this direction was captured.
   */
  flush(at: number, wasCaptured = true): void {
    while (this.waitingSince !== undefined) this.#giveUpHole();
    // One more may be the FIN, which was acknowledged too.
    if (!this.#ended && wasCaptured && this.#acknowledged !== undefined && this.unseen > 1) {
      this.#skipTo(this.#acknowledged, at);
    }
    this.#history.release();
  }

  /** Returns how far `sequence` is ahead of the next byte; negative for old bytes. */
  #ahead(sequence: number): number {
    return before(this.#next ?? sequence, sequence);
  }

  /** Processes a segment that begins at or before the next byte. */
  #take(segment: WaitingSegment, ahead: number): void {
    const { sequence, captured, length } = segment;
    const { first } = this.#waiting;
    const fits = first === undefined || before(sequence + length, first.sequence) >= 0;
    if (fits || ahead + length <= 0) {
      this.#deliver(segment);
      return;
    }
    // It overlaps with earlier bytes, which are kept: only its new bytes are used.
    this.#compare(sequence, captured.subarray(0, -ahead), -ahead, segment.at);
    const rest = captured.subarray(Math.min(-ahead, captured.length));
    this.#keep({ ...segment, sequence: (sequence - ahead) >>> 0, captured: rest, length: length + ahead });
  }

  #deliver({ sequence, captured, length, push, at }: WaitingSegment): void {
    const old = -this.#ahead(sequence);
    if (old > 0) this.#compare(sequence, captured, Math.min(old, length), at);
    if (old >= length) return;
    this.#next = (sequence + length) >>> 0;
    const bytes = captured.subarray(Math.min(old, captured.length));
    this.#position += length - old;
    if (bytes.length === length - old) this.#history.add(bytes);
    else this.#history.restart();
    this.#start.deliver();
    this.#output.bytes(bytes, length - old, push, at);
  }

  /** Compares the first `length` bytes of a segment with those received earlier. */
  #compare(sequence: number, captured: Uint8Array, length: number, at: number): void {
    if (length === 0) return;
    const back = -this.#ahead(sequence);
    // The byte of a keep-alive probe has no meaning (RFC 1122, 4.2.3.6).
    if (length === 1 && back === 1) return;
    const fromBefore = Math.min(length, Math.max(0, back - this.#position));
    this.early += fromBefore;
    this.repeated += length - fromBefore;
    const range = this.#history.difference(back, captured.subarray(0, length));
    if (range) this.#differ(sequence, range, at);
  }

  #differ(sequence: number, { from, to }: Difference, at: number): void {
    const first = (sequence + from) >>> 0;
    this.#output.conflict({ from: this.#position + this.#ahead(first), sequence: first, length: to - from }, at);
  }

  #drain(): void {
    for (let { first } = this.#waiting; first && this.#ahead(first.sequence) <= 0; first = this.#waiting.first) {
      this.#waiting.shift();
      this.#deliver(first);
    }
    if (this.#ended || this.#end === undefined || this.#ahead(this.#end) > 0) return;
    this.#ended = true;
    for (let dropped = this.#waiting.shift(); dropped; dropped = this.#waiting.shift()) this.late += dropped.length;
    this.#output.ended(this.#endAt);
  }

  #keep(segment: WaitingSegment): void {
    const { sequence, at } = segment;
    this.repeated += this.#waiting.add(segment, (range) => this.#differ(sequence, range, at));
    while (this.#waiting.count > 0 && this.#waiting.isTooMuch) this.#giveUpHole();
  }

  #giveUpHole(): void {
    const { first } = this.#waiting;
    if (first) this.#skipTo(first.sequence, first.at);
    else if (this.#end !== undefined) this.#skipTo(this.#end, this.#endAt);
    this.#drain();
  }

  #skipTo(sequence: number, at: number): void {
    const length = this.#ahead(sequence);
    if (length > 0) {
      this.#output.missing({ from: this.#position, sequence: this.#next ?? sequence, length }, at);
      this.#position += length;
      this.#history.restart();
      this.#start.deliver();
    }
    this.#next = sequence >>> 0;
  }
}
