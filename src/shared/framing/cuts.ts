/**
 * Where a framer cut a chunk, as packed columns: no object per message. Messages tile the stream, so each is given by
 * its end alone. `ends[i]` counts from the start of the chunk last pushed; the first message began where the one
 * before it ended, which may lie in earlier chunks.
 */
export class Cuts {
  count = 0;
  ends = new Uint32Array(256);
  heads = new Uint8Array(256);
  tails = new Uint8Array(256);
  flags = new Uint8Array(256);

  /** Adds a message that ends before offset `end`, with `head` and `tail` framing bytes (at most 255 each). */
  push(end: number, head: number, tail: number, flags: number): void {
    if (this.count === this.ends.length) this.#grow();
    const at = this.count;
    this.ends[at] = end;
    this.heads[at] = head;
    this.tails[at] = tail;
    this.flags[at] = flags;
    this.count = at + 1;
  }

  clear(): void {
    this.count = 0;
  }

  #grow(): void {
    const size = this.ends.length * 2;
    const grown = new Uint32Array(size);
    grown.set(this.ends);
    this.ends = grown;
    this.heads = growBytes(this.heads, size);
    this.tails = growBytes(this.tails, size);
    this.flags = growBytes(this.flags, size);
  }
}

function growBytes(column: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size);
  grown.set(column);
  return grown;
}
