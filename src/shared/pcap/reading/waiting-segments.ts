import { type Difference, differenceOf } from './sent-history.ts';
import { type Budget, before } from './sequence.ts';

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
