import { type Budget, before, type Difference, differenceOf } from './sent-history.ts';

/** A segment that was captured before earlier bytes of its stream. */
export interface WaitingSegment {
  readonly sequence: number;
  readonly captured: Uint8Array;
  /** Its length on the wire. */
  readonly length: number;
  readonly push: boolean;
  /** Its time, in milliseconds since the epoch. */
  readonly at: number;
}

/** Maximum memory of one direction of a connection. */
const maxBytes = 8 * 1_048_576;
const maxSegments = 4_096;
/** The approximate memory of a segment beside its bytes. */
const entryBytes = 128;

/** The segments of one direction that wait for earlier bytes, sorted and disjoint. The first captured bytes are kept. */
export class WaitingSegments {
  readonly #budget: Budget;
  #segments: WaitingSegment[] = [];
  #bytes = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get count(): number {
    return this.#segments.length;
  }

  get first(): WaitingSegment | undefined {
    return this.#segments[0];
  }

  get isTooMuch(): boolean {
    return this.#bytes > maxBytes || this.count > maxSegments || this.#budget.used > this.#budget.max;
  }

  /**
   * Keeps copies of the new parts of `segment`. Returns the number of known bytes, and calls `differs` with the ranges of them that have
   * different content (counted from the start of the segment).
   */
  add(segment: WaitingSegment, differs: (range: Difference) => void): number {
    const { sequence, captured, length, push, at } = segment;
    let repeated = 0;
    let done = 0;
    for (let index = this.#placeOf(sequence); done < length; index += 1) {
      const next = this.#segments[index];
      const gap = next === undefined ? length : before(sequence + done, next.sequence);
      if (gap > 0) {
        const size = Math.min(gap, length - done);
        const part = captured.slice(Math.min(done, captured.length), Math.min(done + size, captured.length));
        const isLast = done + size === length;
        const kept = { sequence: (sequence + done) >>> 0, captured: part, length: size, push: push && isLast, at };
        this.#segments.splice(index, 0, kept);
        this.#count(part.length + entryBytes);
        done += size;
      } else if (next) {
        const covered = Math.min(gap + next.length, length - done);
        const range = differenceOf(next.captured.subarray(-gap), captured.subarray(done, done + covered));
        if (range) differs({ from: done + range.from, to: done + range.to });
        repeated += covered;
        done += covered;
      }
    }
    return repeated;
  }

  /** Removes and returns the first one. */
  shift(): WaitingSegment | undefined {
    const first = this.#segments.shift();
    if (first) this.#count(-(first.captured.length + entryBytes));
    return first;
  }

  /** Returns the place of a segment that begins at `sequence`: after the segments that end before it begins. */
  #placeOf(sequence: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { sequence: begin, length } = this.#segments[middle] as WaitingSegment;
      if (before(begin + length, sequence) >= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.used += bytes;
  }
}

/** Maximum number of different SYNs of one side. */
const maxSynchronized = 8;

type SentSegment = Pick<WaitingSegment, 'sequence' | 'captured' | 'length' | 'push'>;

/** Determines the first sequence number of one direction of a connection. Each method returns the number of the next byte. */
export class StreamStart {
  /** The first byte was a keep-alive probe. */
  hadProbe = false;
  readonly #mayProbe: boolean;
  /** The number after each SYN of this side. */
  readonly #synchronized: number[] = [];
  #delivered = false;

  /** `mayProbe`: the first byte may be a keep-alive probe. */
  constructor(mayProbe: boolean) {
    this.#mayProbe = mayProbe;
  }

  /** Notes that the stream has its first byte, so its start is known. */
  deliver(): void {
    this.#delivered = true;
  }

  /** Processes a SYN of this side. */
  synchronize(sequence: number, next: number | undefined): number {
    const first = sequence >>> 0;
    if (this.#delivered && next !== undefined) return next;
    if (this.#synchronized.length < maxSynchronized && !this.#synchronized.includes(first)) {
      this.#synchronized.push(first);
    }
    return first;
  }

  /** Processes an acknowledgement of all bytes before `sequence`; `next` is the number known so far. */
  acknowledge(sequence: number, next: number | undefined): number {
    return this.#chosen(sequence >>> 0, next) ?? sequence >>> 0;
  }

  /** Processes data of this side. */
  push({ sequence, captured, length, push }: SentSegment, next: number | undefined): number {
    const first = sequence >>> 0;
    const chosen = this.#chosen(first, next);
    if (this.#delivered || this.#synchronized.length > 0) return chosen ?? first;
    const ahead = chosen === undefined ? -1 : before(chosen, first);
    // A single zero without PSH before the next byte is a probe (RFC 1122, 4.2.3.6, allows any byte, but systems send a zero).
    // Later segments may still show that it was data.
    const isProbe = length === 1 && captured[0] === 0 && !push && ahead === -1;
    if (this.#mayProbe && isProbe) {
      this.hadProbe = true;
      return (first + 1) >>> 0;
    }
    // The bytes that the other side acknowledged before are in the capture.
    return ahead < 0 ? first : (chosen as number);
  }

  /** Returns the one of several SYNs with which the connection continues. */
  #chosen(sequence: number, next: number | undefined): number | undefined {
    return !this.#delivered && this.#synchronized.includes(sequence) ? sequence : next;
  }
}
