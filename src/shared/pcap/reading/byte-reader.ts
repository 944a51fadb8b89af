const capacity = 1_048_576;
/** Maximum bytes of one `take`: no packet is longer. */
const maxTake = 64 * 1_048_576;

/** Reads a file or a pipe sequentially, on demand. Keeps a part of it in memory. */
export class ByteReader {
  readonly #read: (into: Uint8Array) => number;
  #buffer = new Uint8Array(capacity);
  #from = 0;
  #to = 0;
  #ended = false;
  #position = 0;

  /** `read` fills the start of its buffer and returns the number of bytes; 0 at the end. */
  constructor(read: (into: Uint8Array) => number) {
    this.#read = read;
  }

  /** Bytes taken or skipped so far. */
  get position(): number {
    return this.#position;
  }

  /** Returns a view of the next `length` bytes (at most `maxTake`), fewer at the end. Valid until the next call. */
  peek(length: number): Uint8Array {
    this.#ensure(Math.min(length, maxTake));
    return this.#buffer.subarray(this.#from, Math.min(this.#from + length, this.#to));
  }

  /** Returns the next bytes as `peek` does, and advances past them. */
  take(length: number): Uint8Array {
    const bytes = this.peek(length);
    this.#from += bytes.length;
    this.#position += bytes.length;
    return bytes;
  }

  /** Skips the next `length` bytes; returns false if the source ends earlier. */
  skip(length: number): boolean {
    for (let left = length; left > 0; ) {
      const skipped = this.take(Math.min(left, capacity)).length;
      if (skipped === 0) return false;
      left -= skipped;
    }
    return true;
  }

  #ensure(length: number): void {
    if (this.#to - this.#from >= length || this.#ended) return;
    const unread = this.#buffer.subarray(this.#from, this.#to);
    if (length > this.#buffer.length) {
      this.#buffer = grown(unread, length);
    } else {
      this.#buffer.copyWithin(0, this.#from, this.#to);
    }
    this.#from = 0;
    this.#to = unread.length;
    while (this.#to < length && !this.#ended) {
      const count = this.#read(this.#buffer.subarray(this.#to));
      if (count === 0) this.#ended = true;
      this.#to += count;
    }
  }
}

function grown(unread: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
  buffer.set(unread);
  return buffer;
}
