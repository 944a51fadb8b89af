import type { Boundaries } from '../message/boundaries.ts';
import { asRead } from './as-it-is.ts';
import { claimProblem, noLimit } from './claim.ts';
import { Decimal } from './decimal.ts';
import { type Ending, type Framer, unfinished } from './framer.ts';
import { type Encoded, join, type Unframeable } from './framing.ts';

const soh = 0x01;
const eight = 0x38;
const zero = 0x30;
const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const beginString = bytesOf('8=FIX');
const bodyLength = bytesOf('9=');
const checkSum = bytesOf('10=');
/** Maximum bytes of BeginString after `8=FIX`. */
const maxVersion = 12;
/** `10=`, three digits, SOH. */
const trailerBytes = 7;

type Mode = 'begin' | 'version' | 'tag' | 'length' | 'body' | 'trailer' | 'lost';

/**
 * Creates a framer for FIX messages (tag=value encoding): BeginString (8) and BodyLength (9) are the head, CheckSum (10) is the tail. A
 * message whose CheckSum is not the sum of its bytes is malformed; other wrong bytes are malformed up to the next `8` after an SOH.
 */
export function createFixFramer(maxMessage: number): Framer {
  let mode: Mode = 'begin';
  /** Bytes of the current part. */
  let index = 0;
  let header = 0;
  const length = new Decimal();
  let left = 0;
  /** The sum of the bytes so far, and the one that CheckSum gives. */
  let sum = 0;
  let said = 0;
  let last = 0;
  let problem = '';

  function begin(): void {
    mode = 'begin';
    index = 0;
    header = 0;
    left = 0;
    length.begin();
    sum = 0;
    said = 0;
    problem = '';
  }

  function enter(next: Mode): void {
    mode = next;
    index = 0;
  }

  function lose(reason: string): false {
    begin();
    mode = 'lost';
    problem = reason;
    return false;
  }

  function takeHeader(byte: number): boolean {
    switch (mode) {
      case 'begin':
        if (byte !== beginString[index]) return lose('bytes that do not begin with 8=FIX');
        if (index === beginString.length - 1) enter('version');
        else index += 1;
        return true;
      case 'version':
        if (byte === soh) enter('tag');
        else if (index === maxVersion || byte < 0x20 || byte > 0x7e) return lose('BeginString (8) has no end');
        else index += 1;
        return true;
      case 'tag':
        if (byte !== bodyLength[index]) return lose('BodyLength (9) does not follow BeginString (8)');
        if (index === bodyLength.length - 1) enter('length');
        else index += 1;
        return true;
      default:
        return takeLength(byte);
    }
  }

  function takeLength(byte: number): boolean {
    if (byte !== soh || length.value === 0) {
      return (
        length.take(byte) || lose(claimProblem(length.value, maxMessage) || 'BodyLength (9) is not a number above 0')
      );
    }
    left = length.value;
    enter('body');
    return true;
  }

  /** Checks a whole header, which ends before `end`: it is malformed alone if it claims too much. */
  function checkClaim(boundaries: Boundaries, end: number): void {
    const tooLong = claimProblem(header + left + trailerBytes, maxMessage);
    if (tooLong === '') return;
    boundaries.pushMalformed(end, 0, 0, tooLong);
    begin();
  }

  function takeBody(chunk: Uint8Array, from: number): number {
    const end = Math.min(from + left, chunk.length);
    let total = sum;
    for (let at = from; at < end; at += 1) total += chunk[at] as number;
    sum = total & 0xff;
    left -= end - from;
    last = chunk[end - 1] as number;
    if (left === 0) enter('trailer');
    return end;
  }

  function takeTrailer(byte: number, end: number, boundaries: Boundaries): boolean {
    if (index === 0 && last !== soh) return lose(wrongLength);
    if (index < checkSum.length) {
      if (byte !== checkSum[index]) return lose(wrongLength);
    } else if (index < trailerBytes - 1) {
      if (byte < zero || byte > zero + 9) return lose('CheckSum (10) is not three digits');
      said = said * 10 + byte - zero;
    } else {
      if (byte !== soh) return lose('CheckSum (10) is not three digits');
      const wrong = `CheckSum (10) is ${said}, the sum of the bytes is ${sum}`;
      if (said === sum) boundaries.push(end, header, trailerBytes, 0);
      else boundaries.pushMalformed(end, header, trailerBytes, wrong);
      begin();
      last = soh;
      return true;
    }
    index += 1;
    last = byte;
    return true;
  }

  /** Searches for an `8` after an SOH; returns its offset, or the chunk's length. */
  function scanLost(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (byte === eight && last === soh) {
        boundaries.pushMalformed(at, 0, 0, problem);
        begin();
        return at;
      }
      last = byte;
    }
    return chunk.length;
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (mode === 'lost') {
        at = scanLost(chunk, at, boundaries);
      } else if (mode === 'body') {
        at = takeBody(chunk, at);
      } else {
        const byte = chunk[at] as number;
        if (mode === 'trailer') {
          if (takeTrailer(byte, at + 1, boundaries)) at += 1;
        } else if (takeHeader(byte)) {
          sum = (sum + byte) & 0xff;
          header += 1;
          last = byte;
          at += 1;
          if ((mode as Mode) === 'body') checkClaim(boundaries, at);
        }
      }
    }
  }

  function end(): Ending {
    const was = { header, problem };
    begin();
    last = 0;
    return unfinished(was.header, was.problem);
  }

  return {
    push,
    end,
    get pendingHead() {
      return header;
    },
    get claim() {
      if (mode !== 'body' && mode !== 'trailer') return undefined;
      const missing = left + trailerBytes - (mode === 'trailer' ? index : 0);
      return { name: 'BodyLength', says: length.value, received: length.value + trailerBytes - missing, missing };
    },
  };
}

const wrongLength = 'CheckSum (10) is not at the offset that BodyLength (9) gives';

/** Puts BeginString, BodyLength and CheckSum around fields that end with SOH; does not change a whole message. */
export function encodeFix(version: string, body: Uint8Array): Encoded | Unframeable {
  const whole = asRead(createFixFramer(noLimit), body);
  if (whole.tail > 0) return whole;
  if (body[body.length - 1] !== soh) return { problem: 'the last field of a FIX message must end with SOH (01)' };
  const head = bytesOf(`8=${version}\u00019=${body.length}\u0001`);
  let sum = 0;
  for (const byte of head) sum += byte;
  for (const byte of body) sum += byte;
  const tail = bytesOf(`10=${String(sum % 256).padStart(3, '0')}\u0001`);
  return { bytes: join(head, body, tail), head: head.length, tail: tail.length };
}
