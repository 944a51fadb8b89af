import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { claimProblem } from './claim.ts';
import { Decimal } from './decimal.ts';
import { findOrEnd } from './find.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';
import { type Frame, noBytes, type Unframeable } from './framing.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const zero = 0x30;
const lessThan = 0x3c;

type Mode = 'start' | 'count' | 'body' | 'line' | 'lost';

/**
 * Creates a framer for syslog over TCP (RFC 6587). A message that begins with a digit is counted (3.4.1: a decimal length, a space, that
 * number of bytes). If `lines` is set, one that begins with `<` ends with LF or CR LF (3.4.2). Wrong bytes are one malformed message up to
 * the next place where a message begins: after a line feed if there are lines, and at a `<` that follows a number and a space. That
 * number counts the message and belongs to the wrong bytes, so that no bytes have to be delayed.
 */
export function createSyslogFramer(maxMessage: number, lines: boolean): Framer {
  let mode: Mode = 'start';
  let header = 0;
  /** The length of the message, and the bytes of it that are missing. */
  let says = 0;
  let left = 0;
  let last = 0;
  let problem = '';
  /** After wrong bytes: a number is a length only before a `<`, with which each syslog message begins. */
  let isStrict = false;
  /** A space follows the number. */
  let isCounted = false;
  const number = new Decimal();

  function begin(): void {
    mode = 'start';
    header = 0;
    says = 0;
    left = 0;
    problem = '';
    isCounted = false;
    number.begin();
  }

  function lose(reason: string): void {
    begin();
    mode = 'lost';
    problem = reason;
  }

  function takeStart(byte: number): boolean {
    if (byte > zero && byte <= zero + 9) mode = 'count';
    else if (lines && byte === lessThan) mode = 'line';
    else lose(`the byte ${toHex(Uint8Array.of(byte))} does not begin a ${lines ? 'message' : 'length'}`);
    last = byte;
    return mode === 'line';
  }

  function takeCount(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = number.takeAll(chunk, from);
    header += at - from;
    if (at === chunk.length) return at;
    const byte = chunk[at] as number;
    if (byte !== space) {
      lose(claimProblem(number.value, maxMessage) || `the byte ${toHex(Uint8Array.of(byte))} is invalid in a length`);
      return at;
    }
    header += 1;
    const tooLong = claimProblem(header + number.value, maxMessage);
    if (tooLong === '') {
      beginBody(number.value);
      return at + 1;
    }
    boundaries.pushMalformed(at + 1, 0, 0, tooLong);
    // A “<” would begin a line in the middle of the message.
    if (lines) lose(tooLong);
    else begin();
    isStrict = true;
    return at + 1;
  }

  function beginBody(size: number): void {
    says = size;
    left = size;
    mode = 'body';
  }

  function takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    if (left === says && isStrict && chunk[from] !== lessThan) {
      lose('no “<” follows the length');
      return from;
    }
    const step = Math.min(left, chunk.length - from);
    left -= step;
    if (left > 0) return from + step;
    boundaries.push(from + step, header, 0, 0);
    begin();
    isStrict = false;
    return from + step;
  }

  function takeLine(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const feed = findOrEnd(chunk, lineFeed, from);
    if (feed > from) last = chunk[feed - 1] as number;
    if (feed === chunk.length) return feed;
    boundaries.push(feed + 1, 0, last === carriageReturn ? 2 : 1, 0);
    begin();
    isStrict = false;
    return feed + 1;
  }

  /** Processes a wrong byte; returns false if a message begins with it. */
  function takeLost(byte: number, at: number, boundaries: Boundaries): boolean {
    const counted = number.value;
    if (byte === lessThan && isCounted && counted > 0 && counted <= maxMessage) {
      boundaries.pushMalformed(at, 0, 0, problem);
      begin();
      beginBody(counted);
      return false;
    }
    if (byte === lineFeed && lines) {
      boundaries.pushMalformed(at + 1, 0, 0, problem);
      begin();
      isStrict = true;
    } else if (byte === space && number.digits > 0 && !isCounted) {
      isCounted = true;
    } else if (isCounted || !number.take(byte)) {
      isCounted = false;
      number.begin();
      number.take(byte);
    }
    return true;
  }

  function step(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    switch (mode) {
      case 'start':
        return at + (takeStart(chunk[at] as number) ? 1 : 0);
      case 'count':
        return takeCount(chunk, at, boundaries);
      case 'body':
        return takeBody(chunk, at, boundaries);
      case 'line':
        return takeLine(chunk, at, boundaries);
      default:
        return at + (takeLost(chunk[at] as number, at, boundaries) ? 1 : 0);
    }
  }

  function end(): Ending {
    const was = { header, problem };
    begin();
    isStrict = false;
    return unfinished(was.header, was.problem);
  }

  return {
    push(chunk, boundaries) {
      let at = 0;
      while (at < chunk.length) at = step(chunk, at, boundaries);
    },
    end,
    get pendingHead() {
      return header;
    },
    get claim() {
      return mode === 'body' ? { says, received: says - left, missing: left } : undefined;
    },
  };
}

/** Returns the frame with the length of a message of `size` bytes. */
export function syslogCount(size: number): Frame | Unframeable {
  if (size === 0) return { problem: 'octet counting cannot carry an empty message' };
  return { head: Uint8Array.from(`${size} `, (char) => char.charCodeAt(0)), tail: noBytes };
}
