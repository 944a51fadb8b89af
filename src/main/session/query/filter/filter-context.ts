import type { Mark } from '#shared/record/record.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { readBlock } from '../../format/decoded-block.ts';

/** What a filter needs besides the blocks: the sockets and marks of the session, and the time of its first record. */
export interface FilterContext {
  readonly index: BlockIndex;
  readonly marks: MarkTable;
  readonly startAt: number;
}

/** The context of a growing session, which may not have a first record yet. */
export class GrowingContext implements FilterContext {
  readonly index: BlockIndex;
  readonly marks: MarkTable;
  #startAt: number | undefined;

  constructor(index: BlockIndex) {
    this.index = index;
    this.marks = new MarkTable(index);
  }

  get startAt(): number {
    if (this.#startAt === undefined && this.index.count > 0) this.#startAt = startOf(this.index);
    return this.#startAt ?? 0;
  }
}

/** Returns the context of the session of `index` as it is now. */
export function contextOf(index: BlockIndex): FilterContext {
  return { index, marks: new MarkTable(index), startAt: startOf(index) };
}

/** Returns the time of the first record, milliseconds since the epoch; 0 without records. */
export function startOf(index: BlockIndex): number {
  return index.count === 0 ? 0 : (readBlock(index, 0)?.at(0) ?? 0);
}

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
