import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import type { LengthClaim } from './framer.ts';

/** The faults of a batch of messages that are reported. */
interface ReportedFaults {
  /** The batch ends with a message that the limit truncated, and the previous batch did not. */
  readonly limited: boolean;
  readonly malformed: readonly Malformed[];
}

/** Messages that do not follow the framing: the offset of the first one in the batch, and the reason. */
interface Malformed {
  readonly start: number;
  readonly text: string;
}

const none: readonly Malformed[] = [];
const nothing: ReportedFaults = { limited: false, malformed: none };

/** Finds the faults of one stream, so that each is reported once, however many messages repeat it. */
export class FrameFaults {
  #truncated = false;
  #malformed = false;

  /** Forgets the last fault: another framing applies from here. */
  reset(): void {
    this.#malformed = false;
  }

  /** Returns the faults of the next batch: `carryOver` bytes of earlier chunks, then the bytes that `boundaries` split (see `LogSink`). */
  look(carryOver: number, boundaries: Boundaries): ReportedFaults {
    const malformed = this.#lookForMalformed(carryOver, boundaries);
    const truncated =
      boundaries.count > 0 && ((boundaries.flags[boundaries.count - 1] as number) & messageFlags.truncated) !== 0;
    const limited = truncated && !this.#truncated;
    this.#truncated = truncated;
    return limited || malformed.length > 0 ? { limited, malformed } : nothing;
  }

  #lookForMalformed(carryOver: number, { flags, ends, count, problems }: Boundaries): readonly Malformed[] {
    // A read may contain a thousand messages, and nearly always all are well-formed.
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
        // The first messages of a batch may continue a fault of the previous batch, which is already reported.
        if (index > 0 || !this.#malformed)
          found.push({ start, text: problems[group] || 'the bytes do not start a message' });
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
 * Returns the text of the event about a message above the limit `maxMessage` (bytes). `claim` is the length that the message gives.
 */
export function tooLongText(maxMessage: number, claim: LengthClaim | undefined): string {
  const { says = 0 } = claim ?? {};
  if (says > maxMessage && !claim?.atLeast) {
    return `a body of ${says} bytes is recorded in pieces of at most ${maxMessage} (maxMessage)`;
  }
  return `a message is longer than the limit of ${maxMessage} bytes (maxMessage): it is recorded in pieces`;
}

/** The received part of an incomplete message. */
export interface Incomplete {
  /** Bytes received, framing included. */
  readonly bytes: number;
  /** Bytes that are missing according to the message itself; 0 if the framing does not know. */
  readonly missing: number;
  /** More than `missing` bytes may follow: the length is that of a part of the message. */
  readonly atLeast?: boolean | undefined;
  /** The protocol's name for the length field, if it has one. */
  readonly name?: string | undefined;
  /** The value of the length field; `undefined` without one. */
  readonly says?: number | undefined;
  /** The unit of `says`, if not bytes. */
  readonly unit?: 'values' | undefined;
  /** Bytes before those that the length counts; `undefined` if the length is unknown. */
  readonly header?: number | undefined;
}

/** Describes a message of which `bytes` have been received and which claims the length `claim`. */
export function incompleteOf(bytes: number, claim: LengthClaim | undefined): Incomplete {
  if (!claim) return { bytes, missing: 0 };
  const { received, ...said } = claim;
  return { bytes, ...said, ...(received === undefined ? {} : { header: bytes - received }) };
}

/** Returns a text about how much of a message has been received and is missing. `count` formats a number. */
export function incompleteText(incomplete: Incomplete, count: (value: number) => string = String): string {
  const { bytes, missing, header, name = 'length field', says, unit, atLeast } = incomplete;
  const size = (value: number) => `${count(value)} B`;
  if (missing === 0) return `an incomplete message of ${size(bytes)}`;
  const least = atLeast ? 'at least ' : '';
  const parts = [
    ...(header === undefined ? [] : [`${count(header)} of header`]),
    ...(says === undefined ? [] : [`${name} ${count(says)}${unit ? ` ${unit}` : ''}`]),
  ];
  const said = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `${count(bytes)} of ${least}${size(bytes + missing)} received${said}; ${least}${count(missing)} missing`;
}
