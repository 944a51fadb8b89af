const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const empty = new Uint8Array(0);

/**
 * Reads lines of at most `most` bytes in all, in chunks that may end anywhere. Keeps the start of a line that goes on in
 * the next chunk.
 */
export class LineReader {
  /** Bytes read since `begin`. */
  taken = 0;
  /** The line read last, without its end (LF, or CR and LF). Good until the next call. */
  line: Uint8Array = empty;
  /** There were more than `most` bytes. */
  full = false;
  readonly #most: number;
  #carry = new Uint8Array(256);
  #carried = 0;

  constructor(most: number) {
    this.#most = most;
  }

  begin(): void {
    this.taken = 0;
    this.full = false;
    this.#carried = 0;
  }

  /** Reads the line that `at` belongs to; gives where the next one begins, or `~` of where it stopped inside of it. */
  read(chunk: Uint8Array, at: number): number {
    const feed = chunk.indexOf(lineFeed, at);
    const stop = feed < 0 ? chunk.length : feed + 1;
    const room = this.#most - this.taken;
    if (stop - at > room) {
      this.full = true;
      return ~(at + room);
    }
    this.taken += stop - at;
    if (feed >= 0 && this.#carried === 0) {
      this.line = chunk.subarray(at, feed);
    } else {
      this.#carryOn(chunk.subarray(at, stop));
      if (feed < 0) return ~stop;
      this.line = this.#carry.subarray(0, this.#carried - 1);
      this.#carried = 0;
    }
    if (this.line.at(-1) === carriageReturn) this.line = this.line.subarray(0, -1);
    return stop;
  }

  #carryOn(bytes: Uint8Array): void {
    const needed = this.#carried + bytes.length;
    if (needed > this.#carry.length) {
      const grown = new Uint8Array(Math.max(needed, this.#carry.length * 2));
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(bytes, this.#carried);
    this.#carried = needed;
  }
}
