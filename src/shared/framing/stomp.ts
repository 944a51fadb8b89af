import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem } from './claim.ts';
import { Decimal } from './decimal.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const maxHead = 255;
/** The maximum number of bytes of a command with its header lines. */
const maxHeader = 65_536;
const lengthField = Array.from('content-length', (char) => char.charCodeAt(0));

type Mode = 'between' | 'command' | 'line' | 'name' | 'value' | 'counted' | 'body' | 'lost';

/**
 * Creates a framer for STOMP 1.2. A body with a content-length may contain NULs; any other body ends with the first one. Line ends between
 * frames (heartbeats) are the head of the next frame. Wrong bytes are malformed up to the next NUL.
 */
export function createStompFramer(maxMessage: number): Framer {
  let mode: Mode = 'between';
  let head = 0;
  let header = 0;
  /** Bytes of the current name that match content-length; -1 for another name. */
  let matched = 0;
  const number = new Decimal();
  /** The first content-length, which applies by STOMP 1.2 (-1 without one), and the bytes of the body that are missing. */
  let length = -1;
  let left = -1;
  let problem = '';

  function begin(): void {
    mode = 'between';
    head = 0;
    header = 0;
    left = -1;
    problem = '';
  }

  function lose(reason: string): false {
    mode = 'lost';
    problem = reason;
    return false;
  }

  function takeBetween(byte: number, end: number, boundaries: Boundaries): boolean {
    if (byte !== lineFeed && byte !== carriageReturn) {
      mode = 'command';
      return takeCommand(byte);
    }
    head += 1;
    if (head < maxHead) return true;
    head = 0;
    boundaries.push(end, 0, 0, messageFlags.filler);
    return true;
  }

  function takeCommand(byte: number): boolean {
    if (byte === lineFeed && header > 0) mode = 'line';
    else if ((byte < 0x41 || byte > 0x5a) && byte !== carriageReturn) {
      return lose(`the byte ${toHex(Uint8Array.of(byte))} is invalid in a command`);
    }
    return true;
  }

  /** Processes the first byte of a header line. */
  function takeLine(byte: number): boolean {
    if (byte === lineFeed) {
      mode = left >= 0 ? 'counted' : 'body';
      return true;
    }
    if (byte === carriageReturn) return true;
    mode = 'name';
    matched = 0;
    number.begin();
    return takeName(byte);
  }

  function takeName(byte: number): boolean {
    if (byte === colon) mode = 'value';
    else if (byte === lineFeed || byte === 0) return lose('a header line has no colon');
    else matched = matched >= 0 && byte === lengthField[matched] ? matched + 1 : -1;
    return true;
  }

  function takeValue(byte: number, end: number, boundaries: Boundaries): boolean {
    if (byte === 0) return lose('a header line contains a NUL');
    const isLength = matched === lengthField.length && left < 0;
    if (byte === lineFeed) {
      if (isLength && number.digits === 0) return lose(noNumber);
      const tooLong = isLength ? claimProblem(number.value, maxMessage) : '';
      if (tooLong !== '') {
        boundaries.pushMalformed(end, head, 0, tooLong);
        head = 0;
        lose(tooLong);
        return true;
      }
      if (isLength) {
        length = number.value;
        left = length;
      }
      mode = 'line';
    } else if (isLength && byte !== carriageReturn && !number.take(byte)) {
      return lose(claimProblem(number.value, maxMessage) || noNumber);
    }
    return true;
  }

  /** Processes a byte before the body; returns false for a wrong one. */
  function takeHeader(byte: number, end: number, boundaries: Boundaries): boolean {
    if (header === maxHeader) return lose(`a header is longer than ${maxHeader} bytes`);
    switch (mode) {
      case 'between':
        return takeBetween(byte, end, boundaries);
      case 'command':
        return takeCommand(byte);
      case 'line':
        return takeLine(byte);
      case 'name':
        return takeName(byte);
      default:
        return takeValue(byte, end, boundaries);
    }
  }

  /** Reads the body by its content-length; returns the offset of the next byte. */
  function takeCounted(chunk: Uint8Array, from: number): number {
    const step = Math.min(left, chunk.length - from);
    left -= step;
    const at = from + step;
    if (left === 0 && at < chunk.length) {
      if (chunk[at] === 0) mode = 'body';
      else lose('no NUL follows the body of the given content-length');
    }
    return at;
  }

  /** Skips to the NUL that ends the frame; returns the offset after it, 0 if it is in a later chunk. */
  function takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const end = chunk.indexOf(0, from) + 1;
    if (end === 0) return 0;
    if (mode === 'body') boundaries.push(end, head, 1, 0);
    else boundaries.pushMalformed(end, head, 1, problem);
    begin();
    return end;
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (mode === 'counted') {
        at = takeCounted(chunk, at);
      } else if (mode === 'body' || mode === 'lost') {
        at = takeBody(chunk, at, boundaries);
        if (at === 0) return;
      } else if (takeHeader(chunk[at] as number, at + 1, boundaries)) {
        at += 1;
        if (mode !== 'between') header += 1;
      }
    }
  }

  function end(): Ending {
    const was = { mode, head, problem };
    begin();
    if (was.mode === 'between') return { head: 0, tail: 0, flags: messageFlags.filler };
    return unfinished(was.head, was.problem, was.head);
  }

  return {
    push,
    end,
    get pendingHead() {
      return head;
    },
    get claim() {
      return mode === 'counted'
        ? { name: 'content-length', says: length, received: length - left, missing: left + 1 }
        : undefined;
    },
  };
}

const noNumber = 'the content-length is not a number';
