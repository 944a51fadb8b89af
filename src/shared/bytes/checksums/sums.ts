import { hexDigit } from '../hex.ts';
import type { RunningChecksum } from './algorithm.ts';

/** Writes the low `size` bytes of `value`, big-endian. */
function writeNumber(into: Uint8Array, at: number, value: number, size: number): void {
  for (let index = 0; index < size; index += 1) into[at + index] = value >>> (8 * (size - 1 - index));
}

/** Creates the exclusive or of all bytes, one byte. */
export function createXor(): RunningChecksum {
  let total = 0;
  return {
    reset: () => {
      total = 0;
    },
    update: (bytes, from, to) => {
      for (let at = from; at < to; at += 1) total ^= bytes[at] as number;
    },
    write: (into, at) => writeNumber(into, at, total, 1),
  };
}

/** Creates the sum of all bytes modulo 2 to the power of 8, 16 or 32; or its two's complement, with which the sum of all is zero. */
export function createSum(size: 1 | 2 | 4, isNegated: boolean): RunningChecksum {
  let total = 0;
  return {
    reset: () => {
      total = 0;
    },
    update: (bytes, from, to) => {
      for (let at = from; at < to; at += 1) total = (total + (bytes[at] as number)) | 0;
    },
    write: (into, at) => writeNumber(into, at, isNegated ? -total : total, size),
  };
}

/** This number of additions of two sums below 65536 cannot exceed 2^53, and is few enough for 32-bit arithmetic of bytes. */
const stretch = 5_000;

/** Creates Adler-32 (RFC 1950, section 8.2) or Fletcher-16: two sums of the bytes, modulo `modulus`, with `half` bytes each. */
export function createTwoSums(first: 0 | 1, modulus: 255 | 65_521, half: 1 | 2): RunningChecksum {
  let low: number = first;
  let high = 0;
  return {
    reset: () => {
      low = first;
      high = 0;
    },
    update: (bytes, from, to) => {
      for (let at = from; at < to; ) {
        const end = Math.min(at + stretch, to);
        for (; at < end; at += 1) {
          low += bytes[at] as number;
          high += low;
        }
        low %= modulus;
        high %= modulus;
      }
    },
    write: (into, at) => {
      writeNumber(into, at, high, half);
      writeNumber(into, at + half, low, half);
    },
  };
}

const fletcherModulus = 65_535;

/** Creates Fletcher-32: two sums of 16-bit little-endian words modulo 65535. A last single byte is a word whose second byte is zero. */
export function createFletcher32(): RunningChecksum {
  let low = 0;
  let high = 0;
  /** The first byte of an incomplete word, -1 without one. */
  let pending = -1;
  const add = (word: number) => {
    low = (low + word) % fletcherModulus;
    high = (high + low) % fletcherModulus;
  };
  return {
    reset: () => {
      low = 0;
      high = 0;
      pending = -1;
    },
    update: (bytes, from, to) => {
      let at = from;
      if (pending >= 0 && at < to) {
        add(pending | ((bytes[at] as number) << 8));
        pending = -1;
        at += 1;
      }
      for (; at + 2 <= to; at += 2) add((bytes[at] as number) | ((bytes[at + 1] as number) << 8));
      if (at < to) pending = bytes[at] as number;
    },
    write: (into, at) => {
      const last = Math.max(pending, 0);
      const lowSum = (low + last) % fletcherModulus;
      writeNumber(into, at, pending < 0 ? high : (high + lowSum) % fletcherModulus, 2);
      writeNumber(into, at + 2, lowSum, 2);
    },
  };
}

/** Creates the LRC of Modbus ASCII: the two's complement of the sum of the bytes that pairs of hex digits describe. */
export function createAsciiLrc(): RunningChecksum {
  let total = 0;
  let digits = 0;
  return {
    reset: () => {
      total = 0;
      digits = 0;
    },
    update: (bytes, from, to) => {
      for (let at = from; at < to; at += 1) {
        const digit = hexDigit(bytes[at] as number);
        total += digits % 2 === 0 ? digit * 16 : digit;
        digits += 1;
      }
      total %= 256;
    },
    write: (into, at) => writeNumber(into, at, -total, 1),
  };
}

/** Returns the offset of the first byte in `bytes[from, to)` that is not one of a pair of hex digits, -1 without one. */
export function unpairedDigit(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (hexDigit(bytes[at] as number) < 0) return at;
  return (to - from) % 2 === 0 ? -1 : to - 1;
}
