import { messageFlags } from '../record/record.ts';
import type { Cuts } from './cuts.ts';

/** What is to be told of a run of messages beside the messages themselves. */
export interface ToldFaults {
  /** The run ends in a message that the cap cut, and the one before it did not. */
  readonly limited: boolean;
  /** Where messages begin that do not follow the framing, counted from the start of the run. */
  readonly malformed: readonly number[];
}

const nothing: ToldFaults = { limited: false, malformed: [] };

/** Watches what framing makes of one stream, so that each fault is told once, however many follow one another. */
export class FrameFaults {
  #cutByLimit = false;
  #malformed = false;

  /** The stream is cut by another framing from here on. */
  reset(): void {
    this.#malformed = false;
  }

  /** Looks at the next run: `held` bytes of earlier chunks, then those that `cuts` tile (as `LogSink.run`). */
  look(held: number, { flags, ends, count }: Cuts): ToldFaults {
    let malformed: number[] | undefined;
    let start = 0;
    for (let index = 0; index < count; index += 1) {
      const isMalformed = ((flags[index] as number) & messageFlags.malformed) !== 0;
      if (isMalformed && !this.#malformed) {
        malformed ??= [];
        malformed.push(start);
      }
      this.#malformed = isMalformed;
      start = held + (ends[index] as number);
    }
    const cut = count > 0 && ((flags[count - 1] as number) & messageFlags.cutByLimit) !== 0;
    const limited = cut && !this.#cutByLimit;
    this.#cutByLimit = cut;
    return limited || malformed ? { limited, malformed: malformed ?? [] } : nothing;
  }
}

/** What a record says where messages are cut by the cap `maxMessage` (bytes). */
export function tooLongText(maxMessage: number): string {
  return `a message is longer than the limit of ${maxMessage} bytes (maxMessage): it is recorded in pieces`;
}

/** What a record says of a malformed message: what its framer says is wrong, where that says anything. */
export function malformedText(problem: string): string {
  return problem || 'the bytes start no message';
}
