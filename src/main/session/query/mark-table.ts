import type { Mark } from '#shared/record/marks.ts';
import type { BlockIndex } from '../format/block-index.ts';

/** The marked records of an index in order, and which of them changed since the last refresh. */
export class MarkTable {
  readonly #index: BlockIndex;
  #seen = new Map<number, Mark>();
  #sorted: number[] = [];

  constructor(index: BlockIndex) {
    this.#index = index;
    this.refresh();
  }

  /** Adds what is new in the index; returns the numbers of the records whose marks changed. */
  refresh(): number[] {
    const { marks } = this.#index;
    const changed: number[] = [];
    for (const [seq, mark] of marks) if (this.#seen.get(seq) !== mark) changed.push(seq);
    for (const seq of this.#seen.keys()) if (!marks.has(seq)) changed.push(seq);
    if (changed.length === 0) return changed;
    this.#seen = new Map(marks);
    this.#sorted = [...marks.keys()].sort((a, b) => a - b);
    return changed;
  }

  /** Returns the mark on record `seq` at the last `refresh`: answers stay the same until the next one. */
  get(seq: number): Mark | undefined {
    return this.#seen.get(seq);
  }

  /** Returns the marked records from number `from` to before `to`. */
  *within(from: number, to: number): Generator<number> {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    for (; low < this.#sorted.length; low += 1) {
      const seq = this.#sorted[low] as number;
      if (seq >= to) return;
      yield seq;
    }
  }
}
