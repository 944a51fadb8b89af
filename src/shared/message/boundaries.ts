import { messageFlags } from './flags.ts';

/**
 * Where the messages of a chunk end, as packed columns: no object per message. Messages tile the stream, so each is given by
 * its end alone. `ends[i]` counts from the start of the chunk last pushed; the first message begins where the previous one
 * ended, which may be in an earlier chunk.
 */
export class Boundaries {
  count = 0;
  /**
   * What is wrong, as sentences without a full stop: one for each message marked `malformed` that does not follow another
   * such message.
   */
  problems: string[] = [];
  ends: Uint32Array<ArrayBuffer>;
  heads: Uint8Array<ArrayBuffer>;
  tails: Uint8Array<ArrayBuffer>;
  flags: Uint8Array<ArrayBuffer>;

  /** `capacity` is the initial one: the columns grow. */
  constructor(capacity = 256) {
    this.ends = new Uint32Array(capacity);
    this.heads = new Uint8Array(capacity);
    this.tails = new Uint8Array(capacity);
    this.flags = new Uint8Array(capacity);
  }

  /** Adds a message that ends before offset `end`, with `head` and `tail` framing bytes (at most 255 each). */
  push(end: number, head: number, tail: number, flags: number): void {
    if (this.count === this.ends.length) this.#grow();
    const at = this.count;
    this.ends[at] = end;
    this.heads[at] = head;
    this.tails[at] = tail;
    this.flags[at] = flags;
    this.count = at + 1;
  }

  /** What is wrong with the first message marked `malformed`; or an empty string. */
  get problem(): string {
    return this.problems[0] ?? '';
  }

  /** Adds a message that does not follow the framing; `problem` says why. */
  pushMalformed(end: number, head: number, tail: number, problem: string): void {
    const before = this.count === 0 ? 0 : (this.flags[this.count - 1] as number);
    if ((before & messageFlags.malformed) === 0) this.problems.push(problem);
    this.push(end, head, tail, messageFlags.malformed);
  }

  /** Drops all but the first `count` messages. */
  truncate(count: number): void {
    this.count = Math.min(this.count, count);
  }

  /** Returns a copy without spare capacity. */
  copy(): Boundaries {
    const copied = new Boundaries(0);
    copied.count = this.count;
    copied.problems = this.problems;
    copied.ends = this.ends.slice(0, this.count);
    copied.heads = this.heads.slice(0, this.count);
    copied.tails = this.tails.slice(0, this.count);
    copied.flags = this.flags.slice(0, this.count);
    return copied;
  }

  /** Returns the boundaries of the first `length` bytes: whole messages, and one with `flags` for the part of the next before it. */
  upTo(length: number, flags: number): Boundaries {
    const part = new Boundaries(0);
    let end = 0;
    for (let index = 0; index < this.count && (this.ends[index] as number) <= length; index += 1) {
      end = this.ends[index] as number;
      part.push(end, this.heads[index] as number, this.tails[index] as number, this.flags[index] as number);
    }
    if (end < length) part.push(length, 0, 0, flags);
    return part;
  }

  clear(): void {
    this.count = 0;
    if (this.problems.length > 0) this.problems = [];
  }

  #grow(): void {
    const size = Math.max(this.ends.length * 2, 1);
    const grown = new Uint32Array(size);
    grown.set(this.ends);
    this.ends = grown;
    this.heads = growBytes(this.heads, size);
    this.tails = growBytes(this.tails, size);
    this.flags = growBytes(this.flags, size);
  }
}

/** Returns the boundaries of `length` bytes that are one message. */
export function singleBoundary(length: number, head = 0, tail = 0, flags = 0): Boundaries {
  const boundaries = new Boundaries(1);
  boundaries.push(length, head, tail, flags);
  return boundaries;
}

function growBytes(column: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size);
  grown.set(column);
  return grown;
}

/** Messages that are sent and recorded together: `bytes`, split at `boundaries`. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly boundaries: Boundaries;
}

/** Batches that are created one by one, so that ten thousand replies are never in memory together. */
export interface Batches {
  /** The bytes of all batches. */
  readonly size: number;
  /** Returns the next batch; `undefined` at the end. */
  next(): Batch | undefined;
}

/** The messages that one read completed: `carryOver` followed by `chunk`, split at `boundaries` as in `LogSink.messages`. */
export interface ReceivedBatch {
  readonly carryOver: Uint8Array;
  readonly chunk: Uint8Array;
  readonly boundaries: Boundaries;
}

/** Returns batches of which there is only one. */
export function singleBatch(bytes: Uint8Array, boundaries: Boundaries): Batches {
  let batch: Batch | undefined = { bytes, boundaries };
  return {
    size: bytes.length,
    next() {
      const only = batch;
      batch = undefined;
      return only;
    },
  };
}
