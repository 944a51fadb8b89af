import { type Difference, differenceOf } from './sent-history.ts';
import { type Budget, before } from './sequence.ts';

/** A piece of a stream that came before what belongs in front of it. */
export interface WaitingSegment {
  readonly sequence: number;
  readonly captured: Uint8Array;
  /** How long it was on the wire. */
  readonly length: number;
  readonly push: boolean;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
}

/** What one direction of a connection may keep. */
const maxBytes = 8 * 1_048_576;
const maxSegments = 4_096;
/** About what a segment takes beside its bytes. */
const entryBytes = 128;

/** The segments of one direction that wait for what lies before them, in order and apart. What came first stays. */
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
   * Keeps those parts of `segment` that are not there yet, copied. Gives how many bytes were there, and calls `differs`
   * with the ranges of them that have other bytes (counted from the segment's start).
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

  /** Takes the first one out. */
  shift(): WaitingSegment | undefined {
    const first = this.#segments.shift();
    if (first) this.#count(-(first.captured.length + entryBytes));
    return first;
  }

  /** Where a segment that begins at `sequence` belongs: behind those that begin before it, the one it begins in apart. */
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
