import type { Boundaries } from '../message/boundaries.ts';
import { claimProblem } from './claim.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';

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
 * Creates a framer for messages that are a header, the number of bytes that it gives, and, unless `trailer` is -1, that byte. Wrong
 * bytes are malformed together with all bytes up to the next place where a header may begin. A header that claims a message above
 * `maxMessage` is malformed alone.
 */
export function createCountedFramer(header: CountedHeader, trailer: number, maxMessage: number): Framer {
  const trailerBytes = trailer < 0 ? 0 : 1;
  /** Bytes of the body and its trailer, and how many of them are missing. */
  let whole = 0;
  let left = 0;
  let problem = '';
  /** There are wrong bytes after the last message. */
  let strayed = false;

  function begin(lost: boolean): void {
    header.begin(lost);
    left = 0;
    whole = 0;
    problem = '';
  }

  function lose(reason: string): void {
    begin(true);
    problem = reason;
    strayed = true;
  }

  function finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, header.size, trailerBytes, 0);
    begin(false);
  }

  function endHeader(boundaries: Boundaries, at: number): void {
    const rest = header.length + trailerBytes;
    if (header.size + rest > maxMessage) {
      const tooLong = claimProblem(header.size + rest, maxMessage);
      boundaries.pushMalformed(at, 0, 0, tooLong);
      lose(tooLong);
      strayed = false;
    } else if (rest === 0) {
      finish(boundaries, at);
    } else {
      whole = rest;
      left = rest;
    }
  }

  /** Reads bytes of the body and its trailer; returns the offset of the next byte. */
  function takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const step = Math.min(left - trailerBytes, chunk.length - from);
    left -= step;
    let at = from + step;
    if (left > trailerBytes || (left > 0 && at === chunk.length)) return at;
    if (left > 0) {
      if (chunk[at] !== trailer) {
        lose(`no “${String.fromCharCode(trailer)}” follows the ${header.length} bytes of a message`);
        return at;
      }
      at += 1;
    }
    finish(boundaries, at);
    return at;
  }

  /** Skips wrong bytes; returns the offset of the next header, or the chunk's length. */
  function skipWrong(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const next = header.findNext(chunk, from);
    if (next !== from) strayed = true;
    if (next < 0) return chunk.length;
    if (strayed) boundaries.pushMalformed(next, 0, 0, problem);
    begin(true);
    return next;
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        at = takeBody(chunk, at, boundaries);
      } else if (problem === '') {
        at = header.read(chunk, at);
        if (header.problem !== '') lose(header.problem);
        else if (header.length >= 0) endHeader(boundaries, at);
      } else {
        at = skipWrong(chunk, at, boundaries);
      }
    }
  }

  function end(): Ending {
    const was = { size: problem === '' ? header.size : 0, problem };
    begin(false);
    return unfinished(was.size, was.problem);
  }

  return {
    push,
    end,
    get pendingHead() {
      return header.size;
    },
    get claim() {
      if (left === 0) return undefined;
      const { lengthName } = header;
      const claim = { says: header.length, received: whole - left, missing: left };
      return lengthName === undefined ? claim : { name: lengthName, ...claim };
    },
  };
}
