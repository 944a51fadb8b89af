import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';

/**
 * Finds the start bytes of every message. Other bytes are malformed up to the next place that has the first start byte. That boundary
 * is always set before the current byte, so that the messages are the same however the stream is split.
 */
export class Mark {
  readonly length: number;
  /** Bytes of the mark that the current message begins with. */
  matched = 0;
  readonly #bytes: Uint8Array;
  /** Bytes that do not begin a message have been read. */
  #strayed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  /** Why the bytes after the last boundary are malformed; empty if they are the start of a message. */
  get problem(): string {
    return this.#strayed ? `bytes that do not begin with ${toHex(this.#bytes)}` : '';
  }

  /** Scans from `from` on until the mark is whole; `matched` bytes of it already are. Returns the offset of the next byte. */
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

  /** Starts again. */
  reset(): void {
    this.matched = 0;
    this.#strayed = false;
  }
}
