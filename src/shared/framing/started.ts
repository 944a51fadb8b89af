import type { Boundaries } from '../message/boundaries.ts';
import { type Ending, type Framer, type LengthClaim, unfinished } from './framer.ts';
import { Mark } from './mark.ts';

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
