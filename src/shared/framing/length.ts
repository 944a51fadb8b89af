import { messageFlags } from '../record/record.ts';
import type { Cuts } from './cuts.ts';
import type { Framer } from './framer.ts';

/** How a length stands before each message. */
export interface LengthPrefix {
  /** Its bytes; `varint` is unsigned LEB128, seven bits a byte, the low ones first. */
  readonly size: 1 | 2 | 4 | 8 | 'varint';
  readonly endian: 'be' | 'le';
  /** Bytes of header before it. */
  readonly offset: number;
  /** The length counts the header too. */
  readonly inclusive: boolean;
}

const maxVarintBytes = 10;
// A length is put together from two halves, both exact: the low 32 bits (of a varint, 28), and the rest.
const wholeRadix = 0x1_0000_0000;
const varintRadix = 0x1000_0000;

/**
 * A message is a header and as many bytes as its length says; the header is its head. A length that cannot be is one
 * malformed message of just that header, and the next byte is tried as a header: nothing else says where one begins. A
 * length above what the stream may hold is legal: the stream cuts the message and says so.
 */
export function createLengthFramer({ size, endian, offset, inclusive }: LengthPrefix): Framer {
  const radix = size === 'varint' ? varintRadix : wholeRadix;
  let header = 0;
  let high = 0;
  let low = 0;
  /** Bytes of the body that are still to come, and of the whole message where that is known. */
  let left = 0;
  let announced = 0;

  /** Takes byte `index` of the length; true where it is the last. */
  function takeByte(byte: number, index: number): boolean {
    if (size === 'varint') {
      if (index < 4) low += (byte & 0x7f) * 2 ** (7 * index);
      else high += (byte & 0x7f) * 2 ** (7 * (index - 4));
      return byte < 0x80 || index === maxVarintBytes - 1;
    }
    if (endian === 'be') {
      if (size - index > 4) high = high * 256 + byte;
      else low = low * 256 + byte;
    } else if (index < 4) low += byte * 256 ** index;
    else high += byte * 256 ** (index - 4);
    return index === size - 1;
  }

  function endHeader(lastByte: number, cuts: Cuts, end: number): void {
    const value = high * radix + low;
    const problem = size === 'varint' && lastByte >= 0x80 ? endlessVarint : problemOf(value);
    high = 0;
    low = 0;
    if (problem === '') {
      left = inclusive ? value - header : value;
      announced = header + left;
      if (left === 0) finish(cuts, end);
    } else {
      cuts.pushMalformed(end, 0, 0, problem);
      header = 0;
    }
  }

  function problemOf(value: number): string {
    if (value > Number.MAX_SAFE_INTEGER) {
      return `the length ${BigInt(high) * BigInt(radix) + BigInt(low)} is beyond ${Number.MAX_SAFE_INTEGER}`;
    }
    return inclusive && value < header ? `the length ${value} is less than its own header of ${header} bytes` : '';
  }

  function finish(cuts: Cuts, end: number): void {
    cuts.push(end, header, 0, 0);
    header = 0;
    announced = 0;
  }

  return {
    push(chunk, cuts) {
      const length = chunk.length;
      let at = 0;
      while (at < length) {
        if (left > 0) {
          const step = Math.min(left, length - at);
          left -= step;
          at += step;
          if (left === 0) finish(cuts, at);
        } else if (header < offset) {
          const step = Math.min(offset - header, length - at);
          header += step;
          at += step;
        } else {
          const byte = chunk[at] as number;
          const isLast = takeByte(byte, header - offset);
          header += 1;
          at += 1;
          if (isLast) endHeader(byte, cuts, at);
        }
      }
    },
    end() {
      const head = header;
      header = 0;
      high = 0;
      low = 0;
      left = 0;
      announced = 0;
      return { head, tail: 0, flags: messageFlags.incomplete };
    },
    get pendingHead() {
      return header;
    },
    get announced() {
      return announced;
    },
    get missing() {
      return left;
    },
  };
}

const endlessVarint = `the length does not end within the ${maxVarintBytes} bytes of a varint`;

/** The header of a body of `bodySize` bytes (zeros before the length); a sentence where the length has no room for it. */
export function lengthHeader(prefix: LengthPrefix, bodySize: number): Uint8Array | string {
  const { size, endian, offset, inclusive } = prefix;
  if (size === 'varint') {
    let bytes = varint(bodySize);
    // The length counts its own bytes, of which it may need one more for that.
    for (let count = 1; inclusive && count <= maxVarintBytes; count += 1) {
      bytes = varint(bodySize + offset + count);
      if (bytes.length <= count) break;
    }
    const header = new Uint8Array(offset + bytes.length);
    header.set(bytes, offset);
    return header;
  }
  const header = new Uint8Array(offset + size);
  let rest = inclusive ? bodySize + header.length : bodySize;
  if (rest >= 256 ** size) return `a length of ${rest} does not fit into ${size === 1 ? '1 byte' : `${size} bytes`}`;
  for (let index = 0; index < size; index += 1) {
    header[endian === 'le' ? offset + index : header.length - 1 - index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return header;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}
