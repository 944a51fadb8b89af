import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';

/**
 * Finds the bytes that every message begins with. Bytes that are none of these are malformed, up to the next place where
 * the first of them stands: a cut is made at the byte in hand and never behind it, so that messages are the same however
 * the stream is split.
 */
export class Mark {
  readonly length: number;
  /** Bytes of the mark that the message in hand begins with. */
  matched = 0;
  readonly #bytes: Uint8Array;
  /** Bytes came that begin no message. */
  #strayed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  /** Says why the bytes behind the last cut are no message; empty where they are one, or its beginning. */
  get problem(): string {
    return this.#strayed ? `bytes that do not begin with ${toHex(this.#bytes)}` : '';
  }

  /** Takes bytes from `from` on while the mark is not whole: `matched` of it are. Returns the offset behind them. */
  scan(chunk: Uint8Array, from: number, matched: number, boundaries: Boundaries): number {
    const bytes = this.#bytes;
    const length = chunk.length;
    this.matched = matched;
    let at = from;
    while (at < length && this.matched < bytes.length) {
      if (chunk[at] === bytes[this.matched] && !this.#strayed) {
        this.matched += 1;
        at += 1;
        continue;
      }
      this.matched = 0;
      this.#strayed = true;
      const next = chunk.indexOf(bytes[0] as number, at);
      if (next < 0) return length;
      boundaries.pushMalformed(next, 0, 0, this.problem);
      this.#strayed = false;
      at = next;
    }
    return at;
  }

  /** Begins again. */
  reset(): void {
    this.matched = 0;
    this.#strayed = false;
  }
}
