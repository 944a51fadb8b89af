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
