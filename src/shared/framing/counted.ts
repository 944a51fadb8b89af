import type { Boundaries } from '../message/boundaries.ts';
import { claimProblem } from './claim.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';

/** The header of a counted framing: it says how many bytes follow. */
export interface CountedHeader {
  /** What the protocol calls the length, where it has a name. */
  readonly lengthName?: string;
  /** Bytes of the header so far, 255 at most. */
  readonly size: number;
  /** The bytes that follow the header, once it is whole; -1 before. */
  readonly length: number;
  /** What is wrong with it, as a sentence without a full stop; empty where nothing is. */
  readonly problem: string;
  /** Takes bytes from `from` on until it is whole or wrong; returns the offset behind them. */
  read(chunk: Uint8Array, from: number): number;
  /** Finds where a header may begin after wrong bytes, from `from` on; -1 where it is in a later chunk. */
  findNext(chunk: Uint8Array, from: number): number;
  /** Begins the next header: after wrong bytes (`lost`), or after a message. */
  begin(lost: boolean): void;
}

/**
 * Creates a framer for messages of a header, as many bytes as it says, and where there is one, the byte `trailer` (-1: none). What
 * is wrong is malformed with all that follows it up to the next place where a header may begin; a header that claims a message above
 * `maxMessage` is so by itself.
 */
export function createCountedFramer(header: CountedHeader, trailer: number, maxMessage: number): Framer {
  const trailerBytes = trailer < 0 ? 0 : 1;
  /** Bytes of the body and its trailer, and how many of them are still to come. */
  let whole = 0;
  let left = 0;
  let problem = '';
  /** There are wrong bytes behind the last message. */
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

  /** Takes bytes of the body and its trailer; returns the offset behind them. */
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
        const next = header.findNext(chunk, at);
        if (next !== at) strayed = true;
        if (next < 0) return;
        at = next;
        if (strayed) boundaries.pushMalformed(at, 0, 0, problem);
        begin(true);
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
