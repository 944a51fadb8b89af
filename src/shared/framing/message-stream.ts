import { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { type Framer, type LengthClaim, RawFramer } from './framer.ts';
import type { BadFrame } from './spec.ts';

const empty = new Uint8Array(0);
/** A buffer that grew beyond this size for one message is handed over with that message and not reused. */
export const keepBytes = 1_048_576;

/**
 * Receives the messages that a chunk completed: `carryOver`, then `chunk`, split by `boundaries`. `carryOver` and `boundaries` are valid
 * until the next call of the stream; a `carryOver` of more than `keepBytes` may be kept, with its whole buffer.
 */
export type TakeMessages = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries) => void;

export interface MessageStreamOptions {
  /** The maximum size of a message, in bytes. */
  readonly maxMessage: number;
  /** What happens after a malformed message: the framing resumes, or it stops and reads become messages. */
  readonly badFrame: BadFrame;
}

/**
 * Splits one direction of a byte stream into messages. Keeps the bytes of the incomplete message, at most `maxMessage`: a longer message
 * comes in pieces of exactly that size, all but the last marked `truncated`. However the stream is split into chunks, the messages are
 * the same, except under raw framing and after framing has stopped, where chunks are messages. Each call calls `take` at most once;
 * `take` must not call the stream.
 */
export class MessageStream {
  /** What happens after the next malformed message. Framing that has stopped resumes with `reframe`. */
  badFrame: BadFrame;
  readonly #maxMessage: number;
  readonly #take: TakeMessages;
  readonly #found = new Boundaries();
  readonly #boundaries = new Boundaries();
  #framer: Framer;
  #carryOver = empty;
  #carryOverLength = 0;
  /** The buffer that the last `take` may still use, and that is used again after it. */
  #spare = empty;
  /** The current piece continues a truncated message, whose head is in an earlier piece. */
  #continues = false;
  #stopped = false;
  #problem = '';
  /** When the last chunk was read. */
  #lastAt = 0;

  constructor(framer: Framer, options: MessageStreamOptions, take: TakeMessages) {
    this.#framer = framer;
    this.#maxMessage = options.maxMessage;
    this.badFrame = options.badFrame;
    this.#take = take;
  }

  /** The number of bytes of the incomplete message. */
  get pending(): number {
    return this.#carryOverLength;
  }

  /**
   * Why the first malformed message of the last chunk that had one is malformed, as a sentence without a full stop; empty if there was
   * none. It is set before `take` is called, and `boundaries` contains the same.
   */
  get problem(): string {
    return this.#problem;
  }

  /** True after a malformed message that stopped the framing, until `reframe`. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Returns a copy of the first bytes of the incomplete message, at most `most`. */
  waiting(most: number): Uint8Array {
    return this.#carryOver.slice(0, Math.min(this.#carryOverLength, most));
  }

  /** The number of bytes that the current message still lacks; 0 if unknown. */
  get missing(): number {
    const { claim } = this.#framer;
    return claim === undefined || claim.atLeast ? 0 : claim.missing;
  }

  /** The length that the current message claims; `undefined` if unknown. */
  get claim(): LengthClaim | undefined {
    return this.#framer.claim;
  }

  /** True while a part of a message is kept here; filler between messages does not count. */
  get inside(): boolean {
    return this.#carryOverLength > 0 && (this.#framer.inside ?? true);
  }

  /** The time without bytes after which the kept bytes are a message (`idle`), in milliseconds; `undefined` for most framings. */
  get gapMs(): number | undefined {
    return this.#framer.gapMs;
  }

  /** Processes the next chunk, read at `at` (milliseconds). Calls `take`, if at all, before it returns. */
  push(chunk: Uint8Array, at: number): void {
    if (chunk.length === 0) return;
    this.#lastAt = at;
    const found = this.#found;
    found.clear();
    this.#framer.push(chunk, found, at);
    if (found.problem !== '') this.#meetMalformed(found, chunk.length);
    const boundaries = this.#limit(found, chunk.length);
    if (boundaries.count > 0) {
      this.#take(this.#carryOver.subarray(0, this.#carryOverLength), chunk, boundaries);
      this.#release();
      this.#keep(chunk, boundaries.ends[boundaries.count - 1] as number);
    } else {
      this.#keep(chunk, 0);
    }
  }

  /** Reports that no bytes have arrived until `at`: hands over the kept bytes as a message if the framing's gap has passed. */
  idle(at: number): void {
    const gap = this.#framer.gapMs;
    if (gap !== undefined && at - this.#lastAt >= gap) this.end();
  }

  /** Ends the stream: hands over the kept bytes as the last message. */
  end(): void {
    const { head, tail, flags, problem } = this.#framer.end();
    if (this.#carryOverLength === 0) return;
    this.#boundaries.clear();
    if (problem !== undefined) {
      this.#problem = problem;
      this.#boundaries.problems = [problem];
    }
    const first = this.#continues ? 0 : Math.min(head, this.#carryOverLength);
    this.#boundaries.push(0, first, Math.min(tail, this.#carryOverLength - first), flags);
    this.#take(this.#carryOver.subarray(0, this.#carryOverLength), empty, this.#boundaries);
    this.#release();
    this.#continues = false;
  }

  /** Applies another framing from here on and to the kept bytes, which may complete messages immediately. */
  reframe(framer: Framer): void {
    const waiting = this.#carryOver.subarray(0, this.#carryOverLength);
    this.#carryOver = empty;
    this.#carryOverLength = 0;
    this.#continues = false;
    this.#stopped = false;
    this.#problem = '';
    this.#framer = framer;
    this.push(waiting, this.#lastAt);
  }

  /** Passes bytes sent in the other direction of the connection to the framing. */
  sent(bytes: Uint8Array): void {
    this.#framer.sent?.(bytes);
  }

  #meetMalformed(found: Boundaries, chunkLength: number): void {
    this.#problem = found.problem;
    if (this.badFrame === 'resynchronise') return;
    let first = 0;
    while (((found.flags[first] as number) & messageFlags.malformed) === 0) first += 1;
    found.truncate(first + 1);
    if ((found.ends[first] as number) < chunkLength) found.push(chunkLength, 0, 0, 0);
    this.#framer = new RawFramer();
    this.#stopped = true;
  }

  /** Returns `found` with the limit applied. Copies nothing if no message comes near it. */
  #limit(found: Boundaries, chunkLength: number): Boundaries {
    const most = this.#maxMessage;
    if (!this.#continues && this.#carryOverLength + chunkLength < most) return found;
    const boundaries = this.#boundaries;
    boundaries.clear();
    boundaries.problems = found.problems;
    let start = -this.#carryOverLength;
    for (let index = 0; index < found.count; index += 1) {
      const end = found.ends[index] as number;
      let head = found.heads[index] as number;
      while (end - start > most) {
        start += most;
        this.#pushPiece(boundaries, start, head, most);
        head = 0;
      }
      const size = end - start;
      const tail = Math.min(found.tails[index] as number, size);
      boundaries.push(end, this.#continues ? 0 : Math.min(head, size - tail), tail, found.flags[index] as number);
      this.#continues = false;
      start = end;
    }
    // `>` and not `>=`: a message of exactly the limit is whole, and its boundary may come with the next byte.
    while (chunkLength - start > most) {
      start += most;
      this.#pushPiece(boundaries, start, this.#framer.pendingHead, most);
    }
    return boundaries;
  }

  #pushPiece(boundaries: Boundaries, end: number, head: number, size: number): void {
    boundaries.push(end, this.#continues ? 0 : Math.min(head, size), 0, messageFlags.truncated);
    this.#continues = true;
  }

  #keep(chunk: Uint8Array, from: number): void {
    const more = chunk.length - from;
    if (more === 0) return;
    const needed = this.#carryOverLength + more;
    if (needed > this.#carryOver.length) {
      // The rest of a truncated message often reaches the limit again: a buffer of that size is not copied when it fills.
      const room = this.#continues ? this.#maxMessage : Math.min(this.#carryOver.length * 2, this.#maxMessage);
      const grown = new Uint8Array(Math.max(needed, room, 4_096));
      grown.set(this.#carryOver.subarray(0, this.#carryOverLength));
      this.#carryOver = grown;
    }
    this.#carryOver.set(from === 0 ? chunk : chunk.subarray(from), this.#carryOverLength);
    this.#carryOverLength = needed;
  }

  #release(): void {
    if (this.#carryOverLength === 0) return;
    const taken = this.#carryOver;
    this.#carryOver = this.#spare;
    this.#carryOverLength = 0;
    this.#spare = taken.length > keepBytes ? empty : taken;
  }
}
