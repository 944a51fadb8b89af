import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem, type Ending, type Framer, type LengthClaim, unfinished } from './framer.ts';

/** The header of a counted framing, which gives the number of bytes that follow. */
export interface CountedHeader {
  /** The protocol's name for the length, if it has one. */
  readonly lengthName?: string;
  /** Bytes of the header so far, at most 255. */
  readonly size: number;
  /** The number of bytes that follow the header when it is whole; -1 before. */
  readonly length: number;
  /** Why the header is wrong, as a sentence without a full stop; empty if it is not. */
  readonly problem: string;
  /** Reads bytes from `from` on until the header is whole or wrong; returns the offset of the next byte. */
  read(chunk: Uint8Array, from: number): number;
  /** Returns the next offset at which a header may begin after wrong bytes; -1 if the chunk has no such place. */
  findNext(chunk: Uint8Array, from: number): number;
  /** Begins the next header: after wrong bytes (`lost`), or after a message. */
  begin(lost: boolean): void;
}

/**
 * A framer for messages that are a header, the number of bytes that it gives, and, unless `trailer` is -1, that byte. Wrong
 * bytes are malformed together with all bytes up to the next place where a header may begin. A header that claims a message above
 * `maxMessage` is malformed alone.
 */
export class CountedFramer implements Framer {
  readonly #header: CountedHeader;
  readonly #trailer: number;
  readonly #maxMessage: number;
  readonly #trailerBytes: number;
  /** Bytes of the body and its trailer, and how many of them are missing. */
  #whole = 0;
  #left = 0;
  #problem = '';
  /** There are wrong bytes after the last message. */
  #strayed = false;

  constructor(header: CountedHeader, trailer: number, maxMessage: number) {
    this.#header = header;
    this.#trailer = trailer;
    this.#maxMessage = maxMessage;
    this.#trailerBytes = trailer < 0 ? 0 : 1;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        at = this.#takeBody(chunk, at, boundaries);
      } else if (this.#problem === '') {
        at = this.#header.read(chunk, at);
        if (this.#header.problem !== '') this.#lose(this.#header.problem);
        else if (this.#header.length >= 0) this.#endHeader(boundaries, at);
      } else {
        at = this.#skipWrong(chunk, at, boundaries);
      }
    }
  }

  end(): Ending {
    const was = { size: this.#problem === '' ? this.#header.size : 0, problem: this.#problem };
    this.#begin(false);
    return unfinished(was.size, was.problem);
  }

  get pendingHead(): number {
    return this.#header.size;
  }

  get claim(): LengthClaim | undefined {
    if (this.#left === 0) return undefined;
    const { lengthName } = this.#header;
    const claim = { says: this.#header.length, received: this.#whole - this.#left, missing: this.#left };
    return lengthName === undefined ? claim : { name: lengthName, ...claim };
  }

  #begin(lost: boolean): void {
    this.#header.begin(lost);
    this.#left = 0;
    this.#whole = 0;
    this.#problem = '';
  }

  #lose(reason: string): void {
    this.#begin(true);
    this.#problem = reason;
    this.#strayed = true;
  }

  #finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, this.#header.size, this.#trailerBytes, 0);
    this.#begin(false);
  }

  #endHeader(boundaries: Boundaries, at: number): void {
    const rest = this.#header.length + this.#trailerBytes;
    if (this.#header.size + rest > this.#maxMessage) {
      const tooLong = claimProblem(this.#header.size + rest, this.#maxMessage);
      boundaries.pushMalformed(at, 0, 0, tooLong);
      this.#lose(tooLong);
      this.#strayed = false;
    } else if (rest === 0) {
      this.#finish(boundaries, at);
    } else {
      this.#whole = rest;
      this.#left = rest;
    }
  }

  /** Reads bytes of the body and its trailer; returns the offset of the next byte. */
  #takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const step = Math.min(this.#left - this.#trailerBytes, chunk.length - from);
    this.#left -= step;
    let at = from + step;
    if (this.#left > this.#trailerBytes || (this.#left > 0 && at === chunk.length)) return at;
    if (this.#left > 0) {
      if (chunk[at] !== this.#trailer) {
        this.#lose(`no “${String.fromCharCode(this.#trailer)}” follows the ${this.#header.length} bytes of a message`);
        return at;
      }
      at += 1;
    }
    this.#finish(boundaries, at);
    return at;
  }

  /** Skips wrong bytes; returns the offset of the next header, or the chunk's length. */
  #skipWrong(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const next = this.#header.findNext(chunk, from);
    if (next !== from) this.#strayed = true;
    if (next < 0) return chunk.length;
    if (this.#strayed) boundaries.pushMalformed(next, 0, 0, this.#problem);
    this.#begin(true);
    return next;
  }
}

/** A framer for messages of `size` bytes. Any bytes follow this framing, so padding is a part of the message. */
export class FixedFramer implements Framer {
  readonly pendingHead = 0;
  readonly #size: number;
  /** Bytes of the current message. */
  #had = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get claim(): LengthClaim | undefined {
    return this.#had === 0 ? undefined : { received: this.#had, missing: this.#size - this.#had };
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const size = this.#size;
    let end = size - this.#had;
    for (; end <= chunk.length; end += size) boundaries.push(end, 0, 0, 0);
    this.#had = chunk.length - (end - size);
  }

  end(): Ending {
    this.#had = 0;
    return { head: 0, tail: 0, flags: messageFlags.incomplete };
  }
}

/** Returns the padding of a body of `bodySize` bytes up to `size`, in bytes of the value `pad`; a sentence if the body is longer. */
export function fixedPadding(size: number, pad: number, bodySize: number): Uint8Array | string {
  if (bodySize > size) return `a message of ${bodySize} bytes does not fit into a fixed length of ${size}`;
  return new Uint8Array(size - bodySize).fill(pad);
}
