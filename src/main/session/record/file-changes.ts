import { fstatSync, statSync } from 'node:fs';
import type { Failure } from '#shared/failure.ts';
import { fileFailure } from '../format/failures.ts';

/** A change that another program made to a file that is being recorded to. Sizes in bytes. */
type FileChange =
  | { readonly kind: 'truncated' | 'extended'; readonly size: number; readonly expected: number }
  | { readonly kind: 'deleted' | 'replaced' | 'renamed' }
  /** `at`: the byte at which the first changed block begins. */
  | { readonly kind: 'overwritten'; readonly at: number };

/** Returns true if `path` leads to the file that is open as `fd`. Throws what `node:fs` throws, except for a missing file. */
export function isSameFile(fd: number, path: string): boolean {
  const other = statSync(path, { throwIfNoEntry: false, bigint: true });
  const own = fstatSync(fd, { bigint: true });
  return other !== undefined && other.ino === own.ino && other.dev === own.dev;
}

/** Returns what happened to the file that is open as `fd` and was at `path`, with two system calls; throws what they throw. */
export function whereabouts(fd: number, path: string): 'here' | 'deleted' | 'replaced' | 'renamed' {
  const other = statSync(path, { throwIfNoEntry: false, bigint: true });
  const own = fstatSync(fd, { bigint: true });
  if (other === undefined) return own.nlink === 0n ? 'deleted' : 'renamed';
  return other.ino === own.ino && other.dev === own.dev ? 'here' : 'replaced';
}

/** Returns the failure of syncing the file at `path`; `undefined` if only its file system does not support that and reports it. */
export function syncFailure(path: string, error: unknown): Failure | undefined {
  return isSyncUnsupported(error) ? undefined : fileFailure(`Could not sync “${path}” to the disk`, error);
}

export function isSyncUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP');
}

/** Returns the failure of a recording whose file another program has changed. `message` says what was tried. */
export function changedFailure(message: string, change: FileChange): Failure {
  const [system, hint] = wordsOf(change);
  return { code: 'file', message, system, hint };
}

function wordsOf(change: FileChange): readonly [system: string, hint: string] {
  switch (change.kind) {
    case 'truncated':
      return [
        `another program truncated the file: ${change.size} of ${change.expected} bytes are left`,
        'Retry or use a different location: what is in memory is recorded, and a record reports how much is lost.',
      ];
    case 'extended':
      return [
        `another program wrote to the file: it has ${change.size} bytes, and ${change.expected} were recorded`,
        'Retry or use a different location: only what Wirebench recorded is kept.',
      ];
    case 'deleted':
      return [
        'the file or its folder was deleted',
        'Use a different location, or create the folder again and retry: nothing recorded is lost until then.',
      ];
    case 'replaced':
      return [
        'another file is at this place',
        'Use a different location: nothing recorded is lost until then, and the other file is not changed.',
      ];
    case 'renamed':
      return ['the file was moved or renamed', 'Retry to write the session here again, or use a different location.'];
    case 'overwritten':
      return [
        change.at === 0
          ? 'another program overwrote the file'
          : `another program overwrote the file at byte ${change.at}`,
        'Use a different location: what is intact and what is in memory is recorded there, and a record reports how much is lost.',
      ];
  }
}

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
