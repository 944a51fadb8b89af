import type { Boundaries } from '../message/boundaries.ts';
import { asRead } from './encoding.ts';
import { claimProblem, type Ending, type Framer, type LengthClaim, noLimit, unfinished } from './framer.ts';
import { type Encoded, join, type Unframeable } from './framing.ts';
import { Decimal } from './numbers.ts';

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
 * A framer for FIX messages (tag=value encoding): BeginString (8) and BodyLength (9) are the head, CheckSum (10) is the tail. A
 * message whose CheckSum is not the sum of its bytes is malformed; other wrong bytes are malformed up to the next `8` after an SOH.
 */
export class FixFramer implements Framer {
  readonly #maxMessage: number;
  #mode: Mode = 'begin';
  /** Bytes of the current part. */
  #index = 0;
  #header = 0;
  readonly #length = new Decimal();
  #left = 0;
  /** The sum of the bytes so far, and the one that CheckSum gives. */
  #sum = 0;
  #said = 0;
  #last = 0;
  #problem = '';

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === 'lost') {
        at = this.#scanLost(chunk, at, boundaries);
      } else if (this.#mode === 'body') {
        at = this.#takeBody(chunk, at);
      } else {
        const byte = chunk[at] as number;
        if (this.#mode === 'trailer') {
          if (this.#takeTrailer(byte, at + 1, boundaries)) at += 1;
        } else if (this.#takeHeader(byte)) {
          this.#sum = (this.#sum + byte) & 0xff;
          this.#header += 1;
          this.#last = byte;
          at += 1;
          if ((this.#mode as Mode) === 'body') this.#checkClaim(boundaries, at);
        }
      }
    }
  }

  end(): Ending {
    const was = { header: this.#header, problem: this.#problem };
    this.#begin();
    this.#last = 0;
    return unfinished(was.header, was.problem);
  }

  get pendingHead(): number {
    return this.#header;
  }

  get claim(): LengthClaim | undefined {
    if (this.#mode !== 'body' && this.#mode !== 'trailer') return undefined;
    const missing = this.#left + trailerBytes - (this.#mode === 'trailer' ? this.#index : 0);
    return {
      name: 'BodyLength',
      says: this.#length.value,
      received: this.#length.value + trailerBytes - missing,
      missing,
    };
  }

  #begin(): void {
    this.#mode = 'begin';
    this.#index = 0;
    this.#header = 0;
    this.#left = 0;
    this.#length.begin();
    this.#sum = 0;
    this.#said = 0;
    this.#problem = '';
  }

  #enter(next: Mode): void {
    this.#mode = next;
    this.#index = 0;
  }

  #lose(reason: string): false {
    this.#begin();
    this.#mode = 'lost';
    this.#problem = reason;
    return false;
  }

  #takeHeader(byte: number): boolean {
    switch (this.#mode) {
      case 'begin':
        if (byte !== beginString[this.#index]) return this.#lose('bytes that do not begin with 8=FIX');
        if (this.#index === beginString.length - 1) this.#enter('version');
        else this.#index += 1;
        return true;
      case 'version':
        if (byte === soh) this.#enter('tag');
        else if (this.#index < maxVersion && byte >= 0x20 && byte <= 0x7e) this.#index += 1;
        else return this.#lose('BeginString (8) has no end');
        return true;
      case 'tag':
        if (byte !== bodyLength[this.#index]) return this.#lose('BodyLength (9) does not follow BeginString (8)');
        if (this.#index === bodyLength.length - 1) this.#enter('length');
        else this.#index += 1;
        return true;
      default:
        return this.#takeLength(byte);
    }
  }

  #takeLength(byte: number): boolean {
    if (byte !== soh || this.#length.value === 0) {
      return (
        this.#length.take(byte) ||
        this.#lose(claimProblem(this.#length.value, this.#maxMessage) || 'BodyLength (9) is not a number above 0')
      );
    }
    this.#left = this.#length.value;
    this.#enter('body');
    return true;
  }

  /** Checks a whole header, which ends before `end`: it is malformed alone if it claims too much. */
  #checkClaim(boundaries: Boundaries, end: number): void {
    const tooLong = claimProblem(this.#header + this.#left + trailerBytes, this.#maxMessage);
    if (tooLong === '') return;
    boundaries.pushMalformed(end, 0, 0, tooLong);
    this.#begin();
  }

  #takeBody(chunk: Uint8Array, from: number): number {
    const end = Math.min(from + this.#left, chunk.length);
    let total = this.#sum;
    for (let at = from; at < end; at += 1) total += chunk[at] as number;
    this.#sum = total & 0xff;
    this.#left -= end - from;
    this.#last = chunk[end - 1] as number;
    if (this.#left === 0) this.#enter('trailer');
    return end;
  }

  #takeTrailer(byte: number, end: number, boundaries: Boundaries): boolean {
    if (this.#index === 0 && this.#last !== soh) return this.#lose(wrongLength);
    if (this.#index < checkSum.length) {
      if (byte !== checkSum[this.#index]) return this.#lose(wrongLength);
    } else if (this.#index < trailerBytes - 1) {
      if (byte < zero || byte > zero + 9) return this.#lose('CheckSum (10) is not three digits');
      this.#said = this.#said * 10 + byte - zero;
    } else {
      if (byte !== soh) return this.#lose('CheckSum (10) is not three digits');
      const wrong = `CheckSum (10) is ${this.#said}, the sum of the bytes is ${this.#sum}`;
      if (this.#said === this.#sum) boundaries.push(end, this.#header, trailerBytes, 0);
      else boundaries.pushMalformed(end, this.#header, trailerBytes, wrong);
      this.#begin();
      this.#last = soh;
      return true;
    }
    this.#index += 1;
    this.#last = byte;
    return true;
  }

  /** Searches for an `8` after an SOH; returns its offset, or the chunk's length. */
  #scanLost(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (byte === eight && this.#last === soh) {
        boundaries.pushMalformed(at, 0, 0, this.#problem);
        this.#begin();
        return at;
      }
      this.#last = byte;
    }
    return chunk.length;
  }
}

const wrongLength = 'CheckSum (10) is not at the offset that BodyLength (9) gives';

/** Puts BeginString, BodyLength and CheckSum around fields that end with SOH; does not change a whole message. */
export function encodeFix(version: string, body: Uint8Array): Encoded | Unframeable {
  const whole = asRead(new FixFramer(noLimit), body);
  if (whole.tail > 0) return whole;
  if (body[body.length - 1] !== soh) return { problem: 'the last field of a FIX message must end with SOH (01)' };
  const head = bytesOf(`8=${version}\u00019=${body.length}\u0001`);
  let sum = 0;
  for (const byte of head) sum += byte;
  for (const byte of body) sum += byte;
  const tail = bytesOf(`10=${String(sum % 256).padStart(3, '0')}\u0001`);
  return { bytes: join(head, body, tail), head: head.length, tail: tail.length };
}
