import type { Cuts } from './cuts.ts';

/**
 * One framing rule as an incremental scanner: it looks at bytes, keeps a few numbers between chunks and never the bytes
 * themselves (`MessageStream` holds those). Never throws, whatever it is given.
 */
export interface Framer {
  /**
   * Scans the next chunk of the stream, read at time `at` (milliseconds, any origin), and adds a cut for each message that
   * ends in it. A cut at 0 ends the message with what earlier chunks held.
   */
  push(chunk: Uint8Array, cuts: Cuts, at: number): void;
  /** The stream has ended with bytes behind the last cut: how those are to be recorded. */
  end(): Ending;
  /** The framing bytes at the start of the message that is being read, so far. */
  readonly pendingHead: number;
  /** What is wrong with the message that was marked `malformed` last: a sentence without a full stop. */
  readonly problem?: string;
  /** A message is over when nothing came for this long: whoever reads the stream keeps the time. */
  readonly gapMs?: number;
}

export interface Ending {
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
}
