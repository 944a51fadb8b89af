import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem } from './claim.ts';
import type { Framer } from './framer.ts';
import { LengthValue, maxVarintBytes, varint } from './length-value.ts';
import { Mark } from './mark.ts';

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
 * Creates a framer for messages with a length field, as Netty's LengthFieldBasedFrameDecoder counts. The header and the trailer are the
 * head and the tail. An invalid length, or one that claims more than `maxMessage` bytes, makes the header alone a malformed message.
 * The framer then resumes with the next byte, or, if messages have start bytes, with the next of those.
 */
export function createLengthFramer(prefix: LengthPrefix, maxMessage: number): Framer {
  const { offset, inclusive, adjust, trailer, first } = prefix;
  const size = prefix.size === 'varint' ? 0 : prefix.size;
  const isBig = prefix.endian === 'be';
  const value = new LengthValue(prefix.size, prefix.endian);
  const mark = new Mark(prefix.start);
  let header = 0;
  /** The length of the current message, and the bytes of its body that are missing. */
  let says = 0;
  let left = 0;
  /** The number of bytes that `readAtOnce` read. */
  let read = 0;
  /** Bytes of `first` that the stream began with; -1 when they are no longer expected. */
  let opening = first.length > 0 ? 0 : -1;

  function endHeader(length: number, boundaries: Boundaries, end: number): void {
    const body = length + beyond();
    if (value.problem === '' && body >= trailer && header + body <= maxMessage) {
      says = length;
      left = body;
      if (left === 0) finish(boundaries, end);
    } else {
      boundaries.pushMalformed(end, 0, 0, problemOf(length));
      header = 0;
    }
  }

  /** Reads a length that the chunk contains whole and that is exact; returns -1 for any other, which is read byte by byte. */
  function readAtOnce(chunk: Uint8Array, from: number): number {
    let length = 0;
    if (size === 0) {
      const end = Math.min(from + 4, chunk.length);
      for (let at = from, scale = 1; at < end; at += 1, scale *= 128) {
        const byte = chunk[at] as number;
        length += (byte & 0x7f) * scale;
        read = at + 1 - from;
        if (byte < 0x80) return length;
      }
      return -1;
    }
    const end = from + size;
    if (end > chunk.length) return -1;
    if (isBig) for (let at = from; at < end; at += 1) length = length * 256 + (chunk[at] as number);
    else for (let at = end - 1; at >= from; at -= 1) length = length * 256 + (chunk[at] as number);
    read = size;
    return length <= Number.MAX_SAFE_INTEGER ? length : -1;
  }

  /** Returns the bytes after the header that the length does not count. */
  function beyond(): number {
    return adjust - (inclusive ? header : 0);
  }

  /** Returns why a length is wrong: it does not end, claims too much, or is less than what it must count. */
  function problemOf(length: number): string {
    const claims = value.exact === undefined ? header + length + beyond() : value.exact + BigInt(header + beyond());
    const problem = value.problem || claimProblem(claims, maxMessage);
    if (problem !== '') return problem;
    if (inclusive) return `the length ${length} is less than its header of ${header} bytes`;
    return `the length ${length} is less than the ${trailer - adjust} bytes that it must count`;
  }

  function finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, header, trailer, 0);
    header = 0;
  }

  /** Reads the bytes that the stream may begin with; returns the offset of the next byte. */
  function scanOpening(chunk: Uint8Array, boundaries: Boundaries): number {
    let at = 0;
    while (at < chunk.length && chunk[at] === first[opening]) {
      at += 1;
      opening += 1;
      if (opening < first.length) continue;
      opening = -1;
      boundaries.push(at, 0, 0, 0);
      return at;
    }
    if (at === chunk.length) return at;
    if (opening > 0) boundaries.pushMalformed(at, 0, 0, wrongOpening);
    opening = -1;
    return at;
  }

  /** Reads bytes of the header; returns the offset of the next byte. */
  function scanHeader(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    if (header < mark.length) {
      const at = mark.scan(chunk, from, header, boundaries);
      header = mark.matched;
      return at;
    }
    if (header < offset) {
      const step = Math.min(offset - header, chunk.length - from);
      header += step;
      return from + step;
    }
    const length = header === offset ? readAtOnce(chunk, from) : -1;
    if (length >= 0) {
      header += read;
      endHeader(length, boundaries, from + read);
      return from + read;
    }
    header += 1;
    if (value.take(chunk[from] as number)) {
      endHeader(value.value, boundaries, from + 1);
      value.reset();
    }
    return from + 1;
  }

  return {
    push(chunk, boundaries) {
      const length = chunk.length;
      let at = opening >= 0 ? scanOpening(chunk, boundaries) : 0;
      while (at < length) {
        if (left > 0) {
          const step = Math.min(left, length - at);
          left -= step;
          at += step;
          if (left === 0) finish(boundaries, at);
        } else {
          at = scanHeader(chunk, at, boundaries);
        }
      }
    },
    end() {
      const head = header;
      const problem = mark.problem;
      header = 0;
      value.reset();
      mark.reset();
      left = 0;
      opening = first.length > 0 ? 0 : -1;
      if (problem !== '') return { head: 0, tail: 0, flags: messageFlags.malformed, problem };
      return { head, tail: 0, flags: messageFlags.incomplete };
    },
    get pendingHead() {
      return header;
    },
    get claim() {
      return left === 0 ? undefined : { says, received: says + beyond() - left, missing: left };
    },
  };
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
