import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem, type Ending, type Framer, type LengthClaim } from './framer.ts';
import { Decimal } from './numbers.ts';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const minus = 0x2d;
const question = 0x3f;
const lineEndBytes = 2;
/** Bytes of the shortest value: a type and a line end. */
const leastValue = 3;
/** The maximum depth of nested streamed aggregates. */
const maxDepth = 32;

// The meaning of the first byte of a value; 0 is invalid.
const simple = 1;
const bulk = 2;
const aggregate = 3;
const attribute = 4;
const chunkOfString = 5;
const endOfStream = 6;
const inline = 7;

const types = new Uint8Array(256);
for (const char of '+-:_#,(') types[char.charCodeAt(0)] = simple;
for (const char of '$!=') types[char.charCodeAt(0)] = bulk;
for (const char of '*~>%') types[char.charCodeAt(0)] = aggregate;
types[0x7c] = attribute;
types[0x3b] = chunkOfString;
types[0x2e] = endOfStream;
for (let byte = 0x41; byte <= 0x5a; byte += 1) types[byte] = types[byte + 0x20] = inline;
types[carriageReturn] = inline;
types[lineFeed] = inline;
const percent = 0x25;

type Mode = 'type' | 'line' | 'size' | 'bulk' | 'bulk-end' | 'lost';

/**
 * A framer for RESP 2 and 3, the protocol of Redis. A message is one value with all nested values, or an inline command, which is a
 * line that begins with a letter. Only types and lengths are examined. Wrong bytes are malformed up to the end of their line.
 */
export class RespFramer implements Framer {
  readonly pendingHead = 0;
  readonly #maxMessage: number;
  #mode: Mode = 'type';
  #type = 0;
  /** The current value contains pairs (a map). */
  #isMap = false;
  /** Values that are missing until the message is whole; infinite in a streamed aggregate. */
  #wanted = 1;
  /** The number of values of the message, if it is an aggregate; -1 if not. */
  #values = -1;
  /** No value of the message has begun. */
  #isFirst = true;
  /** The values that are missing after each open streamed aggregate. */
  #outer: number[] = [];
  /** Inside a streamed string, between its chunks. */
  #streamed = false;
  readonly #size = new Decimal();
  #sign = 0;
  /** Bytes of the current string, and how many of them are missing; -1 after the CR that follows them. */
  #bytes = 0;
  #left = 0;
  #problem = '';

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      switch (this.#mode) {
        case 'bulk':
          at = this.#takeBulk(chunk, at);
          break;
        case 'line':
        case 'lost':
          at = this.#takeLine(chunk, at, boundaries);
          break;
        case 'type':
          at = this.#takeType(chunk[at] as number, at);
          break;
        case 'size':
          at = this.#takeSize(chunk, at, boundaries);
          break;
        default:
          if (this.#endBulk(chunk[at] as number, boundaries, at + 1)) at += 1;
      }
    }
  }

  end(): Ending {
    const was = this.#problem;
    this.#begin();
    if (was !== '') return { head: 0, tail: 0, flags: messageFlags.malformed, problem: was };
    return { head: 0, tail: 0, flags: messageFlags.incomplete };
  }

  /** The length that the current string or aggregate claims. Each missing value has at least three bytes. */
  get claim(): LengthClaim | undefined {
    if (this.#mode === 'bulk' || this.#mode === 'bulk-end') {
      const others = this.#streamed || this.#wanted === Number.POSITIVE_INFINITY ? 0 : leastValue * (this.#wanted - 1);
      const missing = this.#left + lineEndBytes + others;
      return {
        says: this.#bytes,
        received: this.#bytes - Math.max(this.#left, 0) + (this.#left < 0 ? 1 : 0),
        missing,
        atLeast: this.#wanted > 1 || this.#streamed,
      };
    }
    if (this.#values < 0 || this.#wanted === Number.POSITIVE_INFINITY) return undefined;
    return { says: this.#values, unit: 'values', missing: leastValue * this.#wanted, atLeast: true };
  }

  #begin(): void {
    this.#mode = 'type';
    this.#wanted = 1;
    this.#values = -1;
    this.#isFirst = true;
    if (this.#outer.length > 0) this.#outer = [];
    this.#streamed = false;
    this.#problem = '';
  }

  #lose(reason: string): void {
    this.#begin();
    this.#mode = 'lost';
    this.#problem = reason;
  }

  /** Ends a value, and the message if it is the last one. */
  #endValue(boundaries: Boundaries, end: number): void {
    this.#mode = 'type';
    this.#streamed = false;
    this.#wanted -= 1;
    if (this.#wanted > 0) return;
    boundaries.push(end, 0, 0, 0);
    this.#begin();
  }

  /** Processes the first byte of a value; returns the offset of the next byte. */
  #takeType(byte: number, at: number): number {
    this.#type = types[byte] as number;
    const isAllowed = this.#streamed ? this.#type === chunkOfString : this.#type !== 0 && this.#type !== chunkOfString;
    if (
      !isAllowed ||
      (this.#type === inline && !this.#isFirst) ||
      (this.#type === endOfStream && this.#wanted !== Number.POSITIVE_INFINITY)
    ) {
      this.#lose(`the byte ${toHex(Uint8Array.of(byte))} does not begin a value`);
      return at;
    }
    this.#isFirst = false;
    this.#isMap = byte === percent;
    this.#size.begin();
    this.#sign = 0;
    this.#mode = this.#type === simple || this.#type === endOfStream || this.#type === inline ? 'line' : 'size';
    // The line may consist of its end only.
    return byte === lineFeed ? at : at + 1;
  }

  #endLine(boundaries: Boundaries, end: number): void {
    if (this.#type === endOfStream) this.#wanted = this.#outer.pop() as number;
    this.#endValue(boundaries, end);
  }

  /** Reads a length, up to its first byte that is not a digit; returns the offset of the next byte. */
  #takeSize(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = this.#sign === question ? from : this.#size.takeAll(chunk, from);
    if (at === chunk.length) return at;
    this.#takeNoDigit(chunk[at] as number, boundaries, at + 1);
    return this.#mode === 'lost' ? at : at + 1;
  }

  /** Processes a byte of a length that is not a digit. */
  #takeNoDigit(byte: number, boundaries: Boundaries, end: number): void {
    if ((byte === minus || byte === question) && this.#size.digits === 0 && this.#sign === 0) this.#sign = byte;
    else if (byte === lineFeed) this.#endSize(boundaries, end);
    else if (byte !== carriageReturn) this.#lose(claimProblem(this.#size.value, this.#maxMessage) || noNumber);
  }

  #endSize(boundaries: Boundaries, end: number): void {
    const { value, digits } = this.#size;
    // -1 is null in RESP 2.
    const isNull = this.#sign === minus && value === 1 && digits === 1;
    if (isNull && (this.#type === bulk || this.#type === aggregate)) this.#endValue(boundaries, end);
    else if (this.#sign === question) this.#beginStream();
    else if (this.#sign !== 0 || digits === 0) this.#loseAt(boundaries, end, noNumber);
    // A nested value has at least one byte.
    else if (value > this.#maxMessage) this.#loseAt(boundaries, end, claimProblem(value, this.#maxMessage));
    else if (this.#type === bulk || (this.#type === chunkOfString && value > 0)) this.#beginBulk(value);
    else if (this.#type === chunkOfString) this.#endValue(boundaries, end);
    else this.#beginAggregate(value, boundaries, end);
  }

  #beginBulk(count: number): void {
    this.#bytes = count;
    this.#left = count;
    this.#mode = this.#left > 0 ? 'bulk' : 'bulk-end';
  }

  #beginAggregate(count: number, boundaries: Boundaries, end: number): void {
    this.#mode = 'type';
    if (this.#values < 0) this.#values = count;
    this.#wanted += this.#isMap || this.#type === attribute ? 2 * count : count;
    if (this.#type === aggregate) this.#endValue(boundaries, end);
  }

  #beginStream(): void {
    this.#mode = 'type';
    if (this.#type === bulk) {
      this.#streamed = true;
    } else if (this.#type !== aggregate || this.#outer.length === maxDepth) {
      this.#lose('a streamed value is not allowed here');
    } else {
      this.#outer.push(this.#wanted);
      this.#wanted = Number.POSITIVE_INFINITY;
    }
  }

  /** Marks the line that ends at `end` as malformed. */
  #loseAt(boundaries: Boundaries, end: number, reason: string): void {
    boundaries.pushMalformed(end, 0, 0, reason);
    this.#begin();
  }

  #takeBulk(chunk: Uint8Array, from: number): number {
    const step = Math.min(this.#left, chunk.length - from);
    this.#left -= step;
    if (this.#left === 0) this.#mode = 'bulk-end';
    return from + step;
  }

  #endBulk(byte: number, boundaries: Boundaries, end: number): boolean {
    if (byte === carriageReturn && this.#left === 0) {
      this.#left = -1;
      return true;
    }
    if (byte !== lineFeed || this.#left === 0) {
      this.#lose('no line end follows a string');
      return false;
    }
    this.#left = 0;
    if (this.#type === chunkOfString) this.#mode = 'type';
    else this.#endValue(boundaries, end);
    return true;
  }

  /** Skips to the end of the line; returns the offset after it, or the chunk's length. */
  #takeLine(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const end = chunk.indexOf(lineFeed, from) + 1;
    if (end === 0) return chunk.length;
    if (this.#mode === 'line') {
      this.#endLine(boundaries, end);
    } else {
      boundaries.pushMalformed(end, 0, 0, this.#problem);
      this.#begin();
    }
    return end;
  }
}

const noNumber = 'a length is not a number';
