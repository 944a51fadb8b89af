const smallest = 2_048;
const largest = 65_536;
const none = new Uint8Array(0);

/**
 * The last bytes of a stream, up to 64 KiB, for comparison with retransmissions; fewer if the shared budget is used up.
 */
export class SentHistory {
  readonly #budget: Budget;
  /** A ring buffer. */
  #bytes = none;
  /** Bytes added since the last `restart`. */
  #added = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Adds the next bytes of the stream. */
  add(bytes: Uint8Array): void {
    if (this.#added + bytes.length > this.#bytes.length && this.#bytes.length < largest) this.#grow(bytes.length);
    const size = this.#bytes.length;
    if (size > 0) {
      const last = bytes.subarray(Math.max(0, bytes.length - size));
      const at = (this.#added + bytes.length - last.length) % size;
      const first = Math.min(last.length, size - at);
      this.#bytes.set(last.subarray(0, first), at);
      this.#bytes.set(last.subarray(first), 0);
    }
    this.#added += bytes.length;
  }

  /** Starts again after bytes that are not, or not all, in the capture. */
  restart(): void {
    this.#added = 0;
  }

  /**
   * Compares `bytes`, which begin `back` bytes before the end of the stream, with the kept ones. Returns the range of `bytes` that differs.
   */
  difference(back: number, bytes: Uint8Array): Difference | undefined {
    const kept = Math.min(this.#added, this.#bytes.length);
    const skipped = Math.max(0, back - kept);
    const size = this.#bytes.length;
    let from = -1;
    let to = -1;
    for (let at = skipped; at < Math.min(bytes.length, back); at += 1) {
      if (this.#bytes[(this.#added - back + at) % size] === bytes[at]) continue;
      if (from < 0) from = at;
      to = at + 1;
    }
    return from < 0 ? undefined : { from, to };
  }

  /** Releases its memory. */
  release(): void {
    this.#budget.used -= this.#bytes.length;
    this.#bytes = none;
    this.#added = 0;
  }

  #grow(count: number): void {
    const old = this.#bytes;
    const size = Math.min(largest, Math.max(smallest, 2 ** Math.ceil(Math.log2(this.#added + count))));
    if (size <= old.length || this.#budget.used + size - old.length > this.#budget.max) return;
    this.#budget.used += size - old.length;
    this.#bytes = new Uint8Array(size);
    const kept = Math.min(this.#added, old.length);
    for (let back = kept; back > 0; back -= 1) {
      this.#bytes[(this.#added - back) % size] = old[(this.#added - back) % old.length] as number;
    }
  }
}

/** A range of bytes that differ from others. */
export interface Difference {
  readonly from: number;
  readonly to: number;
}

/** Returns the range in which two sequences of bytes differ, up to the end of the shorter one. */
export function differenceOf(one: Uint8Array, other: Uint8Array): Difference | undefined {
  let from = -1;
  let to = -1;
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    if (one[at] === other[at]) continue;
    if (from < 0) from = at;
    to = at + 1;
  }
  return from < 0 ? undefined : { from, to };
}

/** Returns the distance from `a` to `b` in TCP sequence numbers (RFC 9293, 3.4); negative if `b` is before `a`. */
export function before(a: number, b: number): number {
  return (b - a) | 0;
}

/** Memory, in bytes, that all streams of a capture share. */
export interface Budget {
  used: number;
  readonly max: number;
}
