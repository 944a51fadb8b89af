/** Consecutive whole blocks of a session file, as they were written. Positions in bytes. */
export interface Section {
  readonly begin: number;
  readonly end: number;
  /** The number of its first record, and of the record after it. */
  readonly first: number;
  readonly next: number;
  /** The checksums of its blocks, added modulo 2^32; `NaN` if unknown. */
  readonly sum: number;
}

const modulo = 2 ** 32;
const least = 256;

/**
 * Records what was written to a session file and where: one section per block, or, for a file with more blocks than `max`
 * sections (an even number), one for every two blocks, every four and so on.
 */
export class FileSections {
  readonly #max: number;
  #begins: Float64Array;
  #firsts: Float64Array;
  #sums: Float64Array;
  #count = 0;
  #blocksEach = 1;
  /** Blocks in the last section. */
  #lastBlocks = 0;
  #end: number;
  #next: number;

  /** The next block begins at byte `end`, and the next record has the number `next`. */
  constructor(end: number, next: number, max = 65_536) {
    this.#end = end;
    this.#next = next;
    this.#max = max;
    const size = Math.min(least, max);
    this.#begins = new Float64Array(size);
    this.#firsts = new Float64Array(size);
    this.#sums = new Float64Array(size);
  }

  get count(): number {
    return this.#count;
  }

  /** Returns section `index`, which must be below `count`. */
  at(index: number): Section {
    const isLast = index + 1 === this.#count;
    return {
      begin: this.#begins[index] as number,
      end: isLast ? this.#end : (this.#begins[index + 1] as number),
      first: this.#firsts[index] as number,
      next: isLast ? this.#next : (this.#firsts[index + 1] as number),
      sum: this.#sums[index] as number,
    };
  }

  /** Returns the index of the first section that begins at byte `position` or later; `count` if there is no such section. */
  indexFrom(position: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#begins[middle] as number) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds a block of `size` bytes that was appended; the record after it has the number `next`. */
  add(size: number, next: number, checksum: number): void {
    if (this.#count === 0 || this.#lastBlocks === this.#blocksEach) this.#begin();
    const last = this.#count - 1;
    this.#sums[last] = ((this.#sums[last] as number) + checksum) % modulo;
    this.#lastBlocks += 1;
    this.#end += size;
    this.#next = next;
  }

  /** Continues at byte `end`, where a block ends; the next record has the number `next`. */
  restart(end: number, next: number): void {
    this.#count = this.indexFrom(end);
    if (this.#count > 0 && end !== this.#end) this.#sums[this.#count - 1] = Number.NaN;
    this.#lastBlocks = this.#blocksEach;
    this.#end = end;
    this.#next = next;
  }

  /** Returns a copy. */
  copy(): FileSections {
    const copy = new FileSections(this.#end, this.#next, this.#max);
    copy.#begins = this.#begins.slice();
    copy.#firsts = this.#firsts.slice();
    copy.#sums = this.#sums.slice();
    copy.#count = this.#count;
    copy.#blocksEach = this.#blocksEach;
    copy.#lastBlocks = this.#lastBlocks;
    return copy;
  }

  #begin(): void {
    if (this.#count === this.#max) this.#join();
    if (this.#count === this.#begins.length) this.#grow();
    const at = this.#count;
    this.#begins[at] = this.#end;
    this.#firsts[at] = this.#next;
    this.#sums[at] = 0;
    this.#count = at + 1;
    this.#lastBlocks = 0;
  }

  /** Merges every two sections. */
  #join(): void {
    this.#count /= 2;
    this.#blocksEach *= 2;
    for (let at = 0; at < this.#count; at += 1) {
      this.#begins[at] = this.#begins[at * 2] as number;
      this.#firsts[at] = this.#firsts[at * 2] as number;
      this.#sums[at] = ((this.#sums[at * 2] as number) + (this.#sums[at * 2 + 1] as number)) % modulo;
    }
  }

  #grow(): void {
    const size = Math.min(this.#max, this.#begins.length * 2);
    const larger = (column: Float64Array) => {
      const grown = new Float64Array(size);
      grown.set(column);
      return grown;
    };
    this.#begins = larger(this.#begins);
    this.#firsts = larger(this.#firsts);
    this.#sums = larger(this.#sums);
  }
}
