/** What comes out of one direction of a connection, in order. */
export interface StreamOutput {
  /** The next bytes. `length`: how many there were on the wire; the capture may have cut some off. Views: copy to keep. */
  bytes(captured: Uint8Array, length: number, push: boolean): void;
  /** The next `count` bytes are not in the capture. */
  missing(count: number): void;
  /** The sender has ended its side. */
  ended(): void;
}

/** Memory that all streams of a capture share for what came too early. */
export interface Budget {
  used: number;
  readonly max: number;
}

/** Bytes and segments of one direction that wait for what lies before them. */
const maxWaitingBytes = 8 * 1_048_576;
const maxWaitingSegments = 4_096;
/** About what a waiting segment takes beside its bytes. */
const entryBytes = 128;
/** When what was acknowledged is given up: captures may show an acknowledgement a little before what it is for. */
const patience = { ms: 1_000, segments: 64 };

interface Waiting {
  readonly sequence: number;
  readonly captured: Uint8Array;
  readonly length: number;
  readonly push: boolean;
  readonly at: number;
}

/**
 * One direction of a TCP connection, put in order by sequence numbers (RFC 9293, section 3.4, modulo 2³²). What came
 * first stays where segments overlap; a retransmission of what is there is dropped; what came too early waits, up to a
 * cap, and what never came is told as missing.
 */
export class TcpStream {
  /** Bytes of sent segments that were there already. */
  repeated = 0;
  /** Bytes behind the end of the stream. */
  late = 0;
  readonly #output: StreamOutput;
  readonly #budget: Budget;
  #next: number | undefined;
  /** In order and apart. */
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #acknowledged: number | undefined;
  #end: number | undefined;
  #ended = false;

  constructor(output: StreamOutput, budget: Budget) {
    this.#output = output;
    this.#budget = budget;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** The sequence number of the next byte. Known from the first segment, or from what the other side acknowledges. */
  begin(sequence: number): void {
    this.#next ??= sequence >>> 0;
  }

  /** Takes a segment of data at time `at` (milliseconds). */
  push(sequence: number, captured: Uint8Array, length: number, push: boolean, at: number): void {
    if (length === 0) return;
    this.begin(sequence);
    const ahead = this.#ahead(sequence);
    if (this.#ended || (this.#end !== undefined && before(this.#end, sequence + length) > 0)) {
      // At the end itself only what is old may come: probes of a connection that is idle.
      if (this.#ended && ahead + length <= 0) this.repeated += length;
      else this.late += length;
      return;
    }
    if (ahead > 0) {
      this.#keep(sequence, captured, length, push, at);
      return;
    }
    const [first] = this.#waiting;
    const fits = first === undefined || before(sequence + length, first.sequence) >= 0;
    if (fits || ahead + length <= 0) {
      this.#deliver(sequence, captured, length, push);
    } else {
      // It overlaps with what came before it, which stays: only what is new of it is taken.
      this.repeated -= ahead;
      this.#keep(sequence - ahead, captured.subarray(Math.min(-ahead, captured.length)), length + ahead, push, at);
    }
    this.#drain();
  }

  /** The sender's FIN lies behind byte `sequence`. */
  finish(sequence: number): void {
    this.begin(sequence);
    if (this.#ended || this.#ahead(sequence) < 0) return;
    this.#end ??= sequence >>> 0;
    this.#drain();
  }

  /** The other side says that it has all before `sequence`. */
  acknowledge(sequence: number, at: number): void {
    if (this.#acknowledged === undefined || before(this.#acknowledged, sequence) > 0)
      this.#acknowledged = sequence >>> 0;
    const [first] = this.#waiting;
    if (first === undefined || before(first.sequence, this.#acknowledged) < 0) return;
    if (at - first.at > patience.ms || this.#waiting.length > patience.segments) this.#giveUpHole();
  }

  /** Nothing comes any more: gives out what waits, and says what is missing. */
  flush(): void {
    while (this.#waiting.length > 0) this.#giveUpHole();
    if (this.#ended || this.#next === undefined) return;
    if (this.#end !== undefined) {
      this.#skipTo(this.#end);
      this.#drain();
    } else if (this.#acknowledged !== undefined && this.#ahead(this.#acknowledged) > 1) {
      // One more may be the FIN, which was acknowledged too.
      this.#skipTo(this.#acknowledged);
    }
  }

  /** How far `sequence` lies ahead of what is there; negative for what is old. */
  #ahead(sequence: number): number {
    return before(this.#next ?? sequence, sequence);
  }

  #deliver(sequence: number, captured: Uint8Array, length: number, push: boolean): void {
    const old = -this.#ahead(sequence);
    if (old >= length) {
      this.repeated += length;
      return;
    }
    this.repeated += old;
    this.#next = (sequence + length) >>> 0;
    this.#output.bytes(captured.subarray(Math.min(old, captured.length)), length - old, push);
  }

  #drain(): void {
    for (let first = this.#waiting[0]; first !== undefined && this.#ahead(first.sequence) <= 0; ) {
      this.#forgetFirst(first);
      this.#deliver(first.sequence, first.captured, first.length, first.push);
      first = this.#waiting[0];
    }
    if (this.#ended || this.#end === undefined || this.#ahead(this.#end) > 0) return;
    this.#ended = true;
    for (const waiting of this.#waiting) {
      this.late += waiting.length;
      this.#count(-(waiting.captured.length + entryBytes));
    }
    this.#waiting = [];
    this.#output.ended();
  }

  /** Keeps those parts of a segment that came too early and are not there yet. */
  #keep(sequence: number, captured: Uint8Array, length: number, push: boolean, at: number): void {
    let done = 0;
    for (let index = this.#placeOf(sequence); done < length; index += 1) {
      const next = this.#waiting[index];
      const gap = next === undefined ? length : before(sequence + done, next.sequence);
      if (gap > 0) {
        const size = Math.min(gap, length - done);
        const part = captured.slice(Math.min(done, captured.length), Math.min(done + size, captured.length));
        const isLast = done + size === length;
        const kept = { sequence: (sequence + done) >>> 0, captured: part, length: size, push: push && isLast, at };
        this.#waiting.splice(index, 0, kept);
        this.#count(part.length + entryBytes);
        done += size;
      } else {
        const covered = Math.min(gap + (next?.length ?? 0), length - done);
        this.repeated += covered;
        done += covered;
      }
    }
    while (this.#waiting.length > 0 && this.#isTooMuch()) this.#giveUpHole();
  }

  #isTooMuch(): boolean {
    return (
      this.#waitingBytes > maxWaitingBytes ||
      this.#waiting.length > maxWaitingSegments ||
      this.#budget.used > this.#budget.max
    );
  }

  /** Where a segment that begins at `sequence` belongs: behind those that begin before it, the one it begins in apart. */
  #placeOf(sequence: number): number {
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { sequence: begin, length } = this.#waiting[middle] as Waiting;
      if (before(begin + length, sequence) >= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #giveUpHole(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#skipTo(first.sequence);
    this.#drain();
  }

  #skipTo(sequence: number): void {
    const count = this.#ahead(sequence);
    this.#next = sequence >>> 0;
    if (count > 0) this.#output.missing(count);
  }

  #forgetFirst({ captured }: Waiting): void {
    this.#waiting.shift();
    this.#count(-(captured.length + entryBytes));
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#budget.used += bytes;
  }
}

/** How far `a` lies before `b` on the circle of sequence numbers; negative where it lies behind. */
function before(a: number, b: number): number {
  return (b - a) | 0;
}
