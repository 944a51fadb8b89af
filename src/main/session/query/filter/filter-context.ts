import type { BlockIndex } from '../../format/block-index.ts';
import { readBlock } from '../../format/decoded-block.ts';
import { MarkTable } from '../mark-table.ts';

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
