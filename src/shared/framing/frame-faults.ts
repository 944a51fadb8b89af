import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import type { LengthClaim } from './framer.ts';

/** What is to be told of a run of messages beside the messages themselves. */
interface ToldFaults {
  /** The run ends in a message that the cap cut, and the one before it did not. */
  readonly limited: boolean;
  readonly malformed: readonly Malformed[];
}

/** A message that does not follow the framing: where it begins, counted from the start of the run, and what is wrong. */
export interface Malformed {
  readonly start: number;
  readonly text: string;
}

const none: readonly Malformed[] = [];
const nothing: ToldFaults = { limited: false, malformed: none };

/** Watches what framing makes of one stream, so that each fault is told once, however many follow one another. */
export class FrameFaults {
  #truncated = false;
  #malformed = false;

  /** The stream is cut by another framing from here on. */
  reset(): void {
    this.#malformed = false;
  }

  /** Looks at the next run: `held` bytes of earlier chunks, then those that `boundaries` tile (as `LogSink.run`). */
  look(carryOver: number, boundaries: Boundaries): ToldFaults {
    const malformed = this.#lookForMalformed(carryOver, boundaries);
    const cut =
      boundaries.count > 0 && ((boundaries.flags[boundaries.count - 1] as number) & messageFlags.truncated) !== 0;
    const limited = cut && !this.#truncated;
    this.#truncated = cut;
    return limited || malformed.length > 0 ? { limited, malformed } : nothing;
  }

  #lookForMalformed(carryOver: number, { flags, ends, count, problems }: Boundaries): readonly Malformed[] {
    // Nearly always nothing is wrong, and a read may bring a thousand messages.
    if (problems.length === 0) {
      this.#malformed = false;
      return none;
    }
    const found: Malformed[] = [];
    let group = 0;
    let before = false;
    let start = 0;
    for (let index = 0; index < count; index += 1) {
      const isMalformed = ((flags[index] as number) & messageFlags.malformed) !== 0;
      if (isMalformed && !before) {
        // The first of a run may go on with what the run before ended with, which is told.
        if (index > 0 || !this.#malformed) found.push({ start, text: problems[group] || 'the bytes start no message' });
        group += 1;
      }
      before = isMalformed;
      start = carryOver + (ends[index] as number);
    }
    this.#malformed = before;
    return found;
  }
}

/**
 * Returns what a record says where messages are cut by the limit `maxMessage` (bytes). `claim` is what the message says of its own
 * length.
 */
export function tooLongText(maxMessage: number, claim: LengthClaim | undefined): string {
  const { says = 0 } = claim ?? {};
  if (says > maxMessage && !claim?.atLeast) {
    return `a body of ${says} bytes is recorded in pieces of at most ${maxMessage} (maxMessage)`;
  }
  return `a message is longer than the limit of ${maxMessage} bytes (maxMessage): it is recorded in pieces`;
}
