import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';

/**
 * One framing rule as an incremental scanner: it looks at bytes, keeps a few numbers between chunks and never the bytes
 * themselves (`MessageStream` holds those; only HTTP keeps the header line in hand). Never throws, whatever it is given.
 */
export interface Framer {
  /**
   * Scans the next chunk of the stream, read at time `at` (milliseconds, any origin), and adds a cut for each message that
   * ends in it. A cut at 0 ends the message with what earlier chunks held. A message that does not follow the framing is
   * added with `pushMalformed`, which says why; the framer goes on with what it takes for the start of the next one.
   */
  push(chunk: Uint8Array, boundaries: Boundaries, at: number): void;
  /** The stream has ended: how the bytes behind the last cut, if any, are to be recorded. The framer begins anew. */
  end(): Ending;
  /** The framing bytes at the start of the message that is being read, so far. */
  readonly pendingHead: number;
  /** What the message that is being read says of its own length; nothing while that is not known. */
  readonly claim?: LengthClaim | undefined;
  /** False while the bytes since the last cut belong to no message: they only stand between messages. */
  readonly inside?: boolean;
  /** A message is over when nothing came for this long: whoever reads the stream keeps the time. */
  readonly gapMs?: number;
  /** Tells what was sent in the other direction of the same connection, where a framing must know (HTTP). */
  sent?(bytes: Uint8Array): void;
}

/** A length that a message says of itself, and how much of it has come. */
export interface LengthClaim {
  /** The number in the length field, as the framing counts with it; nothing where the framing's own setting is the length. */
  readonly says?: number;
  /** What the protocol calls the length field, where it has a name. */
  readonly name?: string;
  /** What `says` counts, where it is not bytes. */
  readonly unit?: 'values';
  /** Bytes behind the header that have come; nothing where that is not known. */
  readonly received?: number;
  /** Bytes up to the end of the message that have not come. */
  readonly missing: number;
  /** More than `missing` may follow: the length is that of a part (a chunk, a string in an array, a block in a line). */
  readonly atLeast?: boolean;
}

export interface Ending {
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
  /** Where it is malformed: why, as a sentence without a full stop. */
  readonly problem?: string;
}

/**
 * Returns how the bytes of an unfinished message are recorded when their stream ends: incomplete with `head` bytes of framing, or
 * malformed where `problem` says why, with `lostHead`.
 */
export function unfinished(head: number, problem: string, lostHead = 0): Ending {
  if (problem !== '') return { head: lostHead, tail: 0, flags: messageFlags.malformed, problem };
  return { head, tail: 0, flags: messageFlags.incomplete };
}
