const zero = 0x30;

/** A whole number in decimal digits that is read byte by byte. */
export class Decimal {
  /** The number so far; infinite above 2^53 - 1. */
  value = 0;
  digits = 0;

  /** Adds the next byte; returns false, and adds nothing, if it is not a digit or the number is above 2^53 - 1. */
  take(byte: number): boolean {
    const digit = byte - zero;
    if (digit < 0 || digit > 9 || this.value === Number.POSITIVE_INFINITY) return false;
    const value = this.value * 10 + digit;
    this.digits += 1;
    this.value = value <= Number.MAX_SAFE_INTEGER ? value : Number.POSITIVE_INFINITY;
    return true;
  }

  /** Adds digits from `from` on up to the first byte that `take` refuses; returns its offset, or the chunk's length. */
  takeAll(chunk: Uint8Array, from: number): number {
    const length = chunk.length;
    let value = this.value;
    let at = from;
    for (; at < length; at += 1) {
      const digit = (chunk[at] as number) - zero;
      if (digit < 0 || digit > 9 || value > Number.MAX_SAFE_INTEGER) break;
      value = value * 10 + digit;
    }
    this.digits += at - from;
    this.value = value <= Number.MAX_SAFE_INTEGER ? value : Number.POSITIVE_INFINITY;
    return at;
  }

  /** Begins the next number. */
  begin(): void {
    this.value = 0;
    this.digits = 0;
  }
}

export const maxVarintBytes = 10;
// A length is the sum of two exact halves: the low 32 bits (28 of a varint), and the rest.
const wholeRadix = 0x1_0000_0000;
const varintRadix = 0x1000_0000;

/** A length that is read byte by byte: 1 to 8 bytes, or an unsigned LEB128 number of at most 10 bytes. */
export class LengthValue {
  /** The length, if it is above 2^53 - 1. */
  exact: bigint | undefined;
  /** Why the length is wrong, as a sentence without a full stop; empty if it is not. */
  problem = '';
  #high = 0;
  #low = 0;
  #index = 0;
  readonly #size: number | 'varint';
  readonly #isBig: boolean;
  readonly #radix: number;

  constructor(size: number | 'varint', endian: 'be' | 'le') {
    this.#size = size;
    this.#isBig = endian === 'be';
    this.#radix = size === 'varint' ? varintRadix : wholeRadix;
  }

  /** The length; exact if `problem` is empty and `exact` is undefined. */
  get value(): number {
    return this.#high * this.#radix + this.#low;
  }

  /** Adds the next byte; returns true if it is the last. */
  take(byte: number): boolean {
    const size = this.#size;
    const index = this.#index;
    this.#index += 1;
    if (size === 'varint') {
      if (index < 4) this.#low += (byte & 0x7f) * 2 ** (7 * index);
      else this.#high += (byte & 0x7f) * 2 ** (7 * (index - 4));
      if (byte >= 0x80 && index < maxVarintBytes - 1) return false;
      if (byte >= 0x80) this.problem = endlessVarint;
      else this.#checkSafe();
      return true;
    }
    if (this.#isBig) {
      if (size - index > 4) this.#high = this.#high * 256 + byte;
      else this.#low = this.#low * 256 + byte;
    } else if (index < 4) this.#low += byte * 256 ** index;
    else this.#high += byte * 256 ** (index - 4);
    if (this.#index < size) return false;
    if (size > 6) this.#checkSafe();
    return true;
  }

  /** Begins the next length. */
  reset(): void {
    this.exact = undefined;
    this.problem = '';
    this.#high = 0;
    this.#low = 0;
    this.#index = 0;
  }

  #checkSafe(): void {
    if (this.value <= Number.MAX_SAFE_INTEGER) return;
    this.exact = BigInt(this.#high) * BigInt(this.#radix) + BigInt(this.#low);
  }
}

const endlessVarint = `the length does not end within the ${maxVarintBytes} bytes of a varint`;

/** Encodes a whole number as unsigned LEB128, in the minimum number of bytes. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}
