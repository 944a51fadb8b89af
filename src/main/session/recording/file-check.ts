import { crc32 } from 'node:zlib';
import {
  type BlockHeader,
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  readBlockHeader,
} from '#shared/record/block.ts';
import { checksumMatches } from '../reading/block-checks.ts';
import type { FileSections, Section } from './file-sections.ts';

/** Where a file is no longer what was written to it: the block at byte `at`, in front of record `record`. */
export interface Damage {
  readonly at: number;
  readonly record: number;
}

/** A block that is as it was written. `next` is the number that the record behind it has. */
interface GoodBlock {
  readonly at: number;
  readonly size: number;
  readonly next: number;
}

/** A session file that is being recorded to, as far as it is read back. */
interface ReadableFile {
  readonly sections: FileSections;
  readInto(bytes: Uint8Array, position: number): number;
}

const windowSize = 1_048_576;
const modulo = 2 ** 32;

/** Reads sections of a session file back and compares them with what was written. Throws what `node:fs` throws. */
export class SectionReader {
  readonly #file: ReadableFile;
  readonly #window = new Uint8Array(windowSize);
  #windowAt = 0;
  #windowLength = 0;

  constructor(file: ReadableFile) {
    this.#file = file;
  }

  /** Returns the good blocks from the start of `section` on, and what follows them, if that is not the section's end. */
  read(section: Section): { readonly good: readonly GoodBlock[]; readonly damage: Damage | undefined } {
    this.#windowLength = 0;
    const good: GoodBlock[] = [];
    let at = section.begin;
    let record = section.first;
    let sum = 0;
    while (at < section.end) {
      const header = this.#block(at, section.end);
      if (header === undefined || header.first !== record) return { good, damage: { at, record } };
      const size = blockHeaderSize + header.bodyLength;
      if (header.type === blockTypes.records) record += header.count;
      good.push({ at, size, next: record });
      at += size;
      sum = (sum + header.checksum) % modulo;
    }
    const isSame = record === section.next && (sum === section.sum || Number.isNaN(section.sum));
    // Blocks that are sound, but others than those written.
    return isSame ? { good, damage: undefined } : { good: [], damage: { at: section.begin, record: section.first } };
  }

  /** The header of the block at byte `at`; `undefined` where none is there that ends before `end` and checks. */
  #block(at: number, end: number): BlockHeader | undefined {
    const head = this.#bytes(at, blockHeaderSize, end);
    const header = readBlockHeader(new DataView(head.buffer, head.byteOffset, head.length));
    if (typeof header === 'string' || at + blockHeaderSize + header.bodyLength > end) return undefined;
    const size = blockHeaderSize + header.bodyLength;
    if (size > windowSize) return checksumMatches(this.#file, at, header) ? header : undefined;
    const block = this.#bytes(at, size, end);
    if (block.length < size) return undefined;
    block.fill(0, checksumOffset, checksumOffset + 4);
    return crc32(block) === header.checksum ? header : undefined;
  }

  /** The `length` bytes at `position`, fewer at the end of the file. What is behind them is read as well, up to `end`. */
  #bytes(position: number, length: number, end: number): Uint8Array {
    if (position < this.#windowAt || position + length > this.#windowAt + this.#windowLength) {
      const wanted = this.#window.subarray(0, Math.min(windowSize, end - position));
      this.#windowAt = position;
      this.#windowLength = this.#file.readInto(wanted, position);
    }
    const from = position - this.#windowAt;
    return this.#window.subarray(from, Math.min(from + length, this.#windowLength));
  }
}

/** Compares a session file with what was written to it, a part at a time. */
export class FileCheck {
  /** The byte from which on it is to be compared; `undefined` where that was done. */
  #from: number | undefined;
  #isAgain = false;

  /** All that is in the file by now is to be compared. */
  request(): void {
    if (this.#from === undefined) this.#from = 0;
    else this.#isAgain = true;
  }

  /**
   * Goes on for about `ms` milliseconds, and returns the first damage that it meets. `head` is what the file begins with. A
   * file that cannot be read is damaged, too.
   */
  run(file: ReadableFile, head: Uint8Array, ms: number): Damage | undefined {
    if (this.#from === undefined) return undefined;
    const until = performance.now() + ms;
    try {
      if (this.#from === 0 && !beginsWith(file, head)) return { at: 0, record: 0 };
      const reader = new SectionReader(file);
      for (let index = file.sections.indexFrom(this.#from); index < file.sections.count; index += 1) {
        const section = file.sections.at(index);
        this.#from = section.begin;
        if (performance.now() > until) return undefined;
        const { damage } = reader.read(section);
        if (damage) return damage;
      }
    } catch {
      return { at: 0, record: 0 };
    }
    this.#from = this.#isAgain ? 0 : undefined;
    this.#isAgain = false;
    return undefined;
  }
}

/** Returns the first damage of `file`, as far as it is met within about `ms` milliseconds; see `FileCheck.run`. */
export function firstDamage(file: ReadableFile, head: Uint8Array, ms = Number.POSITIVE_INFINITY): Damage | undefined {
  const check = new FileCheck();
  check.request();
  return check.run(file, head, ms);
}

/** Tells whether `file` begins with `head`, or with a part of it and ends there. Throws what `node:fs` throws. */
export function beginsWith(file: Pick<ReadableFile, 'readInto'>, head: Uint8Array): boolean {
  const found = new Uint8Array(head.length);
  const count = file.readInto(found, 0);
  return Buffer.from(found.buffer, 0, count).equals(head.subarray(0, count));
}

/** Tells whether what was written is intact behind a damage: shortening the file to what is before it would lose that. */
export function isIntactBehindDamage(file: ReadableFile): boolean {
  const reader = new SectionReader(file);
  let isDamaged = false;
  for (let index = 0; index < file.sections.count; index += 1) {
    if (reader.read(file.sections.at(index)).damage) isDamaged = true;
    else if (isDamaged) return true;
  }
  return false;
}
