import { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import type { Framer, LengthClaim } from './framer.ts';
import { createRawFramer } from './raw.ts';
import type { BadFrame } from './spec.ts';

const empty = new Uint8Array(0);
/** A buffer that grew beyond this for one message is given away with that message, and not written to again. */
export const keepBytes = 1_048_576;

/**
 * Gets the messages that a chunk completed: `held` then `chunk`, tiled by `boundaries` (as `LogSink.run`). `held` is valid
 * until it returns; one of more than `keepBytes` belongs to it, with all of its buffer.
 */
export type TakeMessages = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries) => void;

export interface MessageStreamOptions {
  /** The longest message, in bytes. */
  readonly maxMessage: number;
  /** After a malformed message: go on with the framing, or stop it and take the rest as it is read. */
  readonly badFrame: BadFrame;
}

/**
 * One direction of one byte stream, cut into messages. Holds the bytes of the message that is not complete yet, never
 * more than `maxMessage`: a longer one comes in pieces of exactly that size, all but the last marked `truncated`.
 * However the stream is cut into chunks, the messages are the same (except where the framing is raw or has stopped: there
 * the chunks are the messages). Each call takes at most once; what `take` gets is valid until it returns, and it must not
 * call the stream.
 */
export class MessageStream {
  /** What happens after the next malformed message; a framing that has stopped goes on with `reframe`. */
  badFrame: BadFrame;
  readonly #maxMessage: number;
  readonly #take: TakeMessages;
  readonly #found = new Boundaries();
  readonly #boundaries = new Boundaries();
  #framer: Framer;
  #carryOver = empty;
  #carryOverLength = 0;
  /** The piece in hand continues a message that was cut by the limit: its head is already out. */
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

  /** Bytes that wait for the end of their message. */
  get pending(): number {
    return this.#carryOverLength;
  }

  /**
   * What is wrong with the first malformed message of the last chunk that had one, as a sentence without a full stop;
   * empty where there was none. It is set before `take` is called; the boundaries that it gets say the same of themselves.
   */
  get problem(): string {
    return this.#problem;
  }

  /** True after a malformed message where that stops the framing, until `reframe`. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Returns the first bytes that wait for the end of their message, `most` at most: a copy. */
  waiting(most: number): Uint8Array {
    return this.#carryOver.slice(0, Math.min(this.#carryOverLength, most));
  }

  /** How many bytes the message that is being read still lacks; 0 where that is not known. */
  get missing(): number {
    const { claim } = this.#framer;
    return claim === undefined || claim.atLeast ? 0 : claim.missing;
  }

  /** What the message that is being read says of its own length; nothing where that is not known. */
  get claim(): LengthClaim | undefined {
    return this.#framer.claim;
  }

  /** True while a part of a message waits here for its end; what stands between messages is none. */
  get inside(): boolean {
    return this.#carryOverLength > 0 && (this.#framer.inside ?? true);
  }

  /** Where there is one: what waits here is a message when nothing came for so long (`idle`). Milliseconds. */
  get gapMs(): number | undefined {
    return this.#framer.gapMs;
  }

  /** Takes the next chunk, read at `at` (milliseconds); `take` is called before this returns, if at all. */
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
      this.#hold(chunk, boundaries.ends[boundaries.count - 1] as number);
    } else {
      this.#hold(chunk, 0);
    }
  }

  /** Nothing has come until `at`: hands out what waits as a message, if the framing's gap has passed. */
  idle(at: number): void {
    const gap = this.#framer.gapMs;
    if (gap !== undefined && at - this.#lastAt >= gap) this.end();
  }

  /** The stream has ended: hands out what is left as one last message. */
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

  /** Goes on with another framing, also for the bytes that wait here, which it may complete at once. */
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

  /** Tells the framing what was sent in the other direction of the same connection. */
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
    this.#framer = createRawFramer();
    this.#stopped = true;
  }

  /** `found` with the cap applied. Nothing is copied where no message comes near it. */
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
    // `>` and not `>=`: a message of exactly the cap is whole, and its end may be the next byte’s to tell.
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

  #hold(chunk: Uint8Array, from: number): void {
    const more = chunk.length - from;
    if (more === 0) return;
    const needed = this.#carryOverLength + more;
    if (needed > this.#carryOver.length) {
      // What goes on behind the limit is likely to reach it again: room for all of it, so that none of it is copied when it grows.
      const room = this.#continues ? this.#maxMessage : Math.min(this.#carryOver.length * 2, this.#maxMessage);
      const grown = new Uint8Array(Math.max(needed, room, 4_096));
      grown.set(this.#carryOver.subarray(0, this.#carryOverLength));
      this.#carryOver = grown;
    }
    this.#carryOver.set(from === 0 ? chunk : chunk.subarray(from), this.#carryOverLength);
    this.#carryOverLength = needed;
  }

  #release(): void {
    this.#carryOverLength = 0;
    if (this.#carryOver.length > keepBytes) this.#carryOver = empty;
  }
}
