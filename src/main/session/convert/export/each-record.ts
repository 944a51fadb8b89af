import type { DecodedBlock } from '../../format/decoded-block.ts';
import type { Progress } from '../../slices.ts';
import { type ChosenRecords, chosenBlocks, placeOf, type SaveSource, type Saving } from './saving.ts';

/** After a record: nothing, `true` to pause, or a generator that pauses. */
type Step = boolean | undefined | Generator<Progress, void>;

interface EachOptions {
  /** Ends after this number of records. */
  readonly most?: number;
  /** Runs before the records of each block. */
  readonly before?: (chosen: ChosenRecords) => Iterable<Progress>;
}

/** Visits the chosen records in order, each with its place in its block; returns their number. Pauses between blocks. */
export function* eachRecord(
  source: Omit<SaveSource, 'scan'>,
  visit: (block: DecodedBlock, at: number, chosen: ChosenRecords) => Step,
  { most = Number.POSITIVE_INFINITY, before }: EachOptions = {},
): Saving {
  let records = 0;
  for (const chosen of chosenBlocks(source)) {
    if (before) yield* before(chosen);
    const count = Math.min(chosen.count, most - records);
    for (let which = 0; which < count; which += 1) {
      const step = visit(chosen.block, placeOf(chosen, which), chosen);
      if (step === true) yield chosen;
      else if (typeof step === 'object') yield* step;
    }
    records += count;
    yield chosen;
    if (records === most) break;
  }
  return records;
}
