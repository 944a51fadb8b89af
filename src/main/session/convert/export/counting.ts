import { kindCodes } from '#shared/record/record.ts';
import { type DecodedBlock, problemCodes } from '../../format/decoded-block.ts';
import type { Progress } from '../../slices.ts';
import { type ChosenRecords, chosenBlocks, placeOf, type SaveSource } from './saving.ts';

/** What is counted over chosen records. Bytes of messages with their framing; times are ms since the epoch. */
export class Counts {
  records = 0;
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  problems = 0;
  /** Bytes of lifecycle events as they are kept. */
  eventBytes = 0;
  firstAt = 0;
  lastAt = 0;

  add(chosen: ChosenRecords): void {
    const { block, count } = chosen;
    if (count === 0) return;
    if (this.records === 0) this.firstAt = block.at(placeOf(chosen, 0));
    this.lastAt = block.at(placeOf(chosen, count - 1));
    this.records += count;
    this.#sum(block, chosen);
  }

  #sum({ columns: { kinds, lengths } }: DecodedBlock, chosen: ChosenRecords): void {
    for (let which = 0; which < chosen.count; which += 1) {
      const at = placeOf(chosen, which);
      const code = kinds[at] as number;
      const length = lengths[at] as number;
      if (code === kindCodes.in) {
        this.messagesIn += 1;
        this.bytesIn += length;
      } else if (code === kindCodes.out) {
        this.messagesOut += 1;
        this.bytesOut += length;
      } else {
        this.eventBytes += length;
        this.problems += problemCodes[code] as number;
      }
    }
  }
}

/** Counts what is chosen. `each` sees every block. */
export function* countChosen(
  source: Omit<SaveSource, 'scan'>,
  each?: (chosen: ChosenRecords) => void,
): Generator<Progress, Counts> {
  const counts = new Counts();
  for (const chosen of chosenBlocks(source)) {
    counts.add(chosen);
    each?.(chosen);
    yield chosen;
  }
  return counts;
}
