import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { type Ending, type Framer, type LengthClaim, unfinished } from './framer.ts';

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

/** What follows the start bytes of a message, up to its end. */
export interface MessageRest {
  /**
   * Scans from `from` on; adds the boundary of the message, with `head` bytes of framing, when it ends. Returns the offset of the first
   * byte that does not belong to the message, or the chunk's length.
   */
  scan(chunk: Uint8Array, from: number, head: number, boundaries: Boundaries): number;
  /** True once the message has ended, until `begin`. */
  readonly isOver: boolean;
  begin(): void;
  readonly claim?: LengthClaim;
}

/** What does not follow a framing whose messages begin with start bytes, and where it resumes. */
export const wrongStart = {
  what: 'bytes other than the start bytes before a message',
  resume: 'at the next byte that is the first start byte',
} as const;

/** A framer for messages that begin with start bytes, their head. */
export class StartedFramer implements Framer {
  readonly #mark: Mark;
  readonly #rest: MessageRest;
  #head = 0;

  constructor(start: Uint8Array, rest: MessageRest) {
    this.#mark = new Mark(start);
    this.#rest = rest;
  }

  get pendingHead(): number {
    return this.#head;
  }

  get claim(): LengthClaim | undefined {
    return this.#head < this.#mark.length ? undefined : this.#rest.claim;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const mark = this.#mark;
    const rest = this.#rest;
    let at = 0;
    while (at < chunk.length) {
      if (this.#head < mark.length) {
        at = mark.scan(chunk, at, this.#head, boundaries);
        this.#head = mark.matched;
        continue;
      }
      at = rest.scan(chunk, at, this.#head, boundaries);
      if (rest.isOver) this.#begin();
    }
  }

  end(): Ending {
    const was = { head: this.#head, problem: this.#mark.problem };
    this.#mark.reset();
    this.#begin();
    return unfinished(was.head, was.problem);
  }

  #begin(): void {
    this.#head = 0;
    this.#rest.begin();
  }
}
