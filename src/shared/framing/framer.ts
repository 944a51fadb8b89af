import type { Cuts } from './cuts.ts';

/**
 * One framing rule as an incremental scanner: it looks at bytes, keeps a few numbers between chunks and never the bytes
 * themselves (`MessageStream` holds those). Never throws, whatever it is given.
 */
export interface Framer {
  /** Scans the next chunk of the stream and adds a cut for each message that ends in it. */
  push(chunk: Uint8Array, cuts: Cuts): void;
  /** The stream has ended with bytes behind the last cut: how those are to be recorded. */
  end(): Ending;
  /** The framing bytes at the start of the message that is being read, so far. */
  readonly pendingHead: number;
}

export interface Ending {
  readonly head: number;
  readonly tail: number;
  /** A sum of `messageFlags`. */
  readonly flags: number;
}
