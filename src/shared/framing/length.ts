import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem, type Ending, type Framer, type LengthClaim } from './framer.ts';
import { Mark } from './mark.ts';
import { LengthValue, maxVarintBytes, varint } from './numbers.ts';

/** The format of the length before each message. */
export interface LengthPrefix {
  /** Its bytes. `varint` is unsigned LEB128: seven bits a byte, the low ones first. */
  readonly size: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 'varint';
  readonly endian: 'be' | 'le';
  /** Bytes of header before it, the start bytes included. */
  readonly offset: number;
  /** The length includes the header. */
  readonly inclusive: boolean;
  /** Added to the length: bytes after the header that it does not count, or negative, bytes of the header that it counts. */
  readonly adjust: number;
  /** The number of trailer bytes at the end of the bytes after the header. */
  readonly trailer: number;
  /** The bytes that every message begins with; may be empty. */
  readonly start: Uint8Array;
  /** Bytes that a stream may begin with: a message without a length. May be empty. */
  readonly first: Uint8Array;
}

/**
 * A framer for messages with a length field, as Netty's LengthFieldBasedFrameDecoder counts. The header and the trailer are the
 * head and the tail. An invalid length, or one that claims more than `maxMessage` bytes, makes the header alone a malformed message.
 * The framer then resumes with the next byte, or, if messages have start bytes, with the next of those.
 */
export class LengthFramer implements Framer {
  readonly #maxMessage: number;
  readonly #offset: number;
  readonly #inclusive: boolean;
  readonly #adjust: number;
  readonly #trailer: number;
  readonly #first: Uint8Array;
  readonly #size: number;
  readonly #isBig: boolean;
  readonly #value: LengthValue;
  readonly #mark: Mark;
  #header = 0;
  /** The length of the current message, and the bytes of its body that are missing. */
  #says = 0;
  #left = 0;
  /** The number of bytes that `readAtOnce` read. */
  #read = 0;
  /** Bytes of `first` that the stream began with; -1 when they are no longer expected. */
  #opening: number;

  constructor(prefix: LengthPrefix, maxMessage: number) {
    this.#maxMessage = maxMessage;
    this.#offset = prefix.offset;
    this.#inclusive = prefix.inclusive;
    this.#adjust = prefix.adjust;
    this.#trailer = prefix.trailer;
    this.#first = prefix.first;
    this.#size = prefix.size === 'varint' ? 0 : prefix.size;
    this.#isBig = prefix.endian === 'be';
    this.#value = new LengthValue(prefix.size, prefix.endian);
    this.#mark = new Mark(prefix.start);
    this.#opening = this.#first.length > 0 ? 0 : -1;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = this.#opening >= 0 ? this.#scanOpening(chunk, boundaries) : 0;
    while (at < length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, length - at);
        this.#left -= step;
        at += step;
        if (this.#left === 0) this.#finish(boundaries, at);
      } else {
        at = this.#scanHeader(chunk, at, boundaries);
      }
    }
  }

  end(): Ending {
    const head = this.#header;
    const problem = this.#mark.problem;
    this.#header = 0;
    this.#value.reset();
    this.#mark.reset();
    this.#left = 0;
    this.#opening = this.#first.length > 0 ? 0 : -1;
    if (problem !== '') return { head: 0, tail: 0, flags: messageFlags.malformed, problem };
    return { head, tail: 0, flags: messageFlags.incomplete };
  }

  get pendingHead(): number {
    return this.#header;
  }

  get claim(): LengthClaim | undefined {
    return this.#left === 0
      ? undefined
      : { says: this.#says, received: this.#says + this.#beyond() - this.#left, missing: this.#left };
  }

  #endHeader(length: number, boundaries: Boundaries, end: number): void {
    const body = length + this.#beyond();
    if (this.#value.problem === '' && body >= this.#trailer && this.#header + body <= this.#maxMessage) {
      this.#says = length;
      this.#left = body;
      if (this.#left === 0) this.#finish(boundaries, end);
    } else {
      boundaries.pushMalformed(end, 0, 0, this.#problemOf(length));
      this.#header = 0;
    }
  }

  /** Reads a length that the chunk contains whole and that is exact; returns -1 for any other, which is read byte by byte. */
  #readAtOnce(chunk: Uint8Array, from: number): number {
    let length = 0;
    if (this.#size === 0) {
      const end = Math.min(from + 4, chunk.length);
      for (let at = from, scale = 1; at < end; at += 1, scale *= 128) {
        const byte = chunk[at] as number;
        length += (byte & 0x7f) * scale;
        this.#read = at + 1 - from;
        if (byte < 0x80) return length;
      }
      return -1;
    }
    const end = from + this.#size;
    if (end > chunk.length) return -1;
    if (this.#isBig) for (let at = from; at < end; at += 1) length = length * 256 + (chunk[at] as number);
    else for (let at = end - 1; at >= from; at -= 1) length = length * 256 + (chunk[at] as number);
    this.#read = this.#size;
    return length <= Number.MAX_SAFE_INTEGER ? length : -1;
  }

  /** Returns the bytes after the header that the length does not count. */
  #beyond(): number {
    return this.#adjust - (this.#inclusive ? this.#header : 0);
  }

  /** Returns why a length is wrong: it does not end, claims too much, or is less than what it must count. */
  #problemOf(length: number): string {
    const claims =
      this.#value.exact === undefined
        ? this.#header + length + this.#beyond()
        : this.#value.exact + BigInt(this.#header + this.#beyond());
    const problem = this.#value.problem || claimProblem(claims, this.#maxMessage);
    if (problem !== '') return problem;
    if (this.#inclusive) return `the length ${length} is less than its header of ${this.#header} bytes`;
    return `the length ${length} is less than the ${this.#trailer - this.#adjust} bytes that it must count`;
  }

  #finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, this.#header, this.#trailer, 0);
    this.#header = 0;
  }

  /** Reads the bytes that the stream may begin with; returns the offset of the next byte. */
  #scanOpening(chunk: Uint8Array, boundaries: Boundaries): number {
    let at = 0;
    while (at < chunk.length && chunk[at] === this.#first[this.#opening]) {
      at += 1;
      this.#opening += 1;
      if (this.#opening < this.#first.length) continue;
      this.#opening = -1;
      boundaries.push(at, 0, 0, 0);
      return at;
    }
    if (at === chunk.length) return at;
    if (this.#opening > 0) boundaries.pushMalformed(at, 0, 0, wrongOpening);
    this.#opening = -1;
    return at;
  }

  /** Reads bytes of the header; returns the offset of the next byte. */
  #scanHeader(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    if (this.#header < this.#mark.length) {
      const at = this.#mark.scan(chunk, from, this.#header, boundaries);
      this.#header = this.#mark.matched;
      return at;
    }
    if (this.#header < this.#offset) {
      const step = Math.min(this.#offset - this.#header, chunk.length - from);
      this.#header += step;
      return from + step;
    }
    const length = this.#header === this.#offset ? this.#readAtOnce(chunk, from) : -1;
    if (length >= 0) {
      this.#header += this.#read;
      this.#endHeader(length, boundaries, from + this.#read);
      return from + this.#read;
    }
    this.#header += 1;
    if (this.#value.take(chunk[from] as number)) {
      this.#endHeader(this.#value.value, boundaries, from + 1);
      this.#value.reset();
    }
    return from + 1;
  }
}

const wrongOpening = 'the first bytes are not those of a stream';

/**
 * Returns the header of a body of `bodySize` bytes: the start bytes, zeros up to the length, the length. Returns a sentence if the length
 * is too large for its field or negative.
 */
export function lengthHeader(prefix: LengthPrefix, bodySize: number): Uint8Array | string {
  const { size, endian, offset, inclusive, adjust, trailer, start } = prefix;
  const counted = bodySize + trailer - adjust;
  let bytes: readonly number[] = [];
  if (size === 'varint') {
    bytes = varint(Math.max(counted, 0));
    // The length counts its own bytes, and may need one more byte for that.
    for (let count = 1; inclusive && count <= maxVarintBytes; count += 1) {
      bytes = varint(Math.max(counted + offset + count, 0));
      if (bytes.length <= count) break;
    }
  }
  const sizeBytes = size === 'varint' ? bytes.length : size;
  const header = new Uint8Array(offset + sizeBytes);
  header.set(start);
  header.set(bytes, offset);
  let rest = inclusive ? counted + header.length : counted;
  if (rest < 0) return `a message of ${bodySize} bytes is too short: the minimum is ${bodySize - rest}`;
  if (size === 'varint') return header;
  if (rest >= 256 ** size) return `a length of ${rest} does not fit into ${size === 1 ? '1 byte' : `${size} bytes`}`;
  for (let index = 0; index < size; index += 1) {
    header[endian === 'le' ? offset + index : header.length - 1 - index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return header;
}
