import type { Boundaries } from '../message/boundaries.ts';
import { claimProblem } from './claim.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;
const zero = 0x30;

// The meaning of a byte outside blocks; 0 is any other.
const separator = 1;
const quote = 2;
const end = 3;
const blockStart = 4;
const classes = new Uint8Array(256);
for (const char of ' \t,:;') classes[char.charCodeAt(0)] = separator;
for (const char of '"\'') classes[char.charCodeAt(0)] = quote;
classes[lineFeed] = end;
classes[hash] = blockStart;

type Mode = 'text' | 'string' | 'hash' | 'size' | 'block' | 'line';

/** The maximum number of bytes of a string after its first line feed. */
const maxStringRest = 1_024;

/**
 * Creates a framer for the program and response messages of IEEE 488.2, which SCPI uses. Each ends with LF or CR LF, but not inside a
 * definite length block (`#216` and 16 bytes) or a string, which begin only at the start of a parameter. A block of indefinite length
 * (`#0`) ends with the line. A line is malformed if the length of a block is not a number or is above `maxMessage`, or if a string
 * contains a line feed and does not end within the following 1024 bytes.
 */
export function createScpiFramer(maxMessage: number): Framer {
  let mode: Mode = 'text';
  /** A parameter can begin here. */
  let begins = true;
  let afterReturn = false;
  let quoted = 0;
  /** The last byte ended a string: a quote directly after it continues the string. */
  let justClosed = false;
  /** Bytes of the current string after its first line feed; -1 without one. */
  let rest = -1;
  let digits = 0;
  /** Bytes of the current block, and how many of them are missing. */
  let length = 0;
  let left = 0;
  let problem = '';

  function begin(): void {
    mode = 'text';
    begins = true;
    justClosed = false;
    afterReturn = false;
    left = 0;
    problem = '';
  }

  function finish(boundaries: Boundaries, at: number): void {
    const tail = afterReturn ? 2 : 1;
    if (problem === '') boundaries.push(at, 0, tail, 0);
    else boundaries.pushMalformed(at, 0, tail, problem);
    begin();
  }

  function takeText(byte: number, boundaries: Boundaries, at: number): void {
    const what = classes[byte] as number;
    if (what === end) {
      finish(boundaries, at);
      return;
    }
    if (what === quote && (begins || justClosed)) {
      mode = 'string';
      quoted = byte;
      if (begins) rest = -1;
    } else if (what === blockStart && begins) {
      mode = 'hash';
    }
    begins = what === separator;
    justClosed = false;
  }

  function lose(reason: string): void {
    problem = reason;
    mode = 'line';
    left = 0;
  }

  /** Processes the byte after `#`: the number of digits of the length. Any other byte does not begin a block: `#H1F`. */
  function takeHash(byte: number): boolean {
    const count = byte - zero;
    mode = 'text';
    if (count < 0 || count > 9) return false;
    digits = count;
    left = 0;
    mode = count === 0 ? 'line' : 'size';
    return true;
  }

  function takeSize(byte: number): boolean {
    if (byte < zero || byte > zero + 9) {
      lose('the length of a block is not a number');
      return false;
    }
    left = left * 10 + byte - zero;
    digits -= 1;
    if (digits > 0) return true;
    length = left;
    mode = left > 0 ? 'block' : 'text';
    const tooLong = claimProblem(left, maxMessage);
    if (tooLong !== '') lose(tooLong);
    return true;
  }

  /** Processes a byte of a string, up to its closing quote. */
  function takeString(byte: number, boundaries: Boundaries, at: number): void {
    if (byte === quoted) {
      mode = 'text';
      justClosed = true;
      return;
    }
    if (rest >= 0 || byte === lineFeed) rest += 1;
    if (rest <= maxStringRest) return;
    lose(`a string does not end within ${maxStringRest} bytes after its first line feed`);
    if (byte === lineFeed) finish(boundaries, at);
  }

  /** Processes a byte outside blocks; returns false if it belongs to another mode. */
  function takeByte(byte: number, boundaries: Boundaries, at: number): boolean {
    switch (mode) {
      case 'hash':
        return takeHash(byte);
      case 'size':
        return takeSize(byte);
      case 'string':
        takeString(byte, boundaries, at);
        break;
      case 'line':
        if (byte === lineFeed) finish(boundaries, at);
        break;
      default:
        takeText(byte, boundaries, at);
    }
    afterReturn = byte === carriageReturn;
    return true;
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (mode === 'block') {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        afterReturn = false;
        if (left === 0) mode = 'text';
      } else if (takeByte(chunk[at] as number, boundaries, at + 1)) {
        at += 1;
      }
    }
  }

  return {
    push,
    pendingHead: 0,
    end(): Ending {
      const was = problem;
      begin();
      return unfinished(0, was);
    },
    get claim() {
      // The line feed after the block is missing, too.
      return mode === 'block' ? { says: length, received: length - left, missing: left + 1, atLeast: true } : undefined;
    },
  };
}
