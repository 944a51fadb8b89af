import { crc32 } from 'node:zlib';
import type { Failure } from '#shared/failure.ts';
import {
  type BlockHeader,
  blockHeaderSize,
  blockTypes,
  checksumOffset,
  readBlockHeader,
} from '#shared/record/block.ts';
import { checksumMatches } from '../format/session-file.ts';
import { changedFailure, type FileSections, type Section } from './file-changes.ts';
import type { LogFile } from './log-file.ts';

/** Where a file differs from what was written to it: at the block at byte `at`, before record `record`. */
export interface Damage {
  readonly at: number;
  readonly record: number;
}

/** An unchanged block. `next` is the number of the record after it. */
interface GoodBlock {
  readonly at: number;
  readonly size: number;
  readonly next: number;
}

/** A session file that is being recorded to, as far as this module reads it. */
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

  /** Returns the unchanged blocks from the start of `section`, and the damage after them, if any. */
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
    // The blocks are valid, but differ from those written.
    return isSame ? { good, damage: undefined } : { good: [], damage: { at: section.begin, record: section.first } };
  }

  /** Returns the header of the block at byte `at`; `undefined` unless a block with a correct checksum ends before `end`. */
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

  /** Returns the `length` bytes at `position`, fewer at the end of the file. Reads ahead as far as `end`. */
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

/** Compares a session file step by step with what was written to it. */
export class FileCheck {
  /** The byte at which the comparison continues; `undefined` when it is finished. */
  #from: number | undefined;
  #isAgain = false;

  /** Requests a comparison of everything that is in the file now. */
  request(): void {
    if (this.#from === undefined) this.#from = 0;
    else this.#isAgain = true;
  }

  /**
   * Compares for about `ms` milliseconds, and returns the first damage found. `head` is the expected start of the file. A
   * file that cannot be read counts as damaged.
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

/** Returns the first damage of `file` found within about `ms` milliseconds; see `FileCheck.run`. */
export function firstDamage(file: ReadableFile, head: Uint8Array, ms = Number.POSITIVE_INFINITY): Damage | undefined {
  const check = new FileCheck();
  check.request();
  return check.run(file, head, ms);
}

/** Returns true if `file` begins with `head`, or is a prefix of it. Throws what `node:fs` throws. */
export function beginsWith(file: Pick<ReadableFile, 'readInto'>, head: Uint8Array): boolean {
  const found = new Uint8Array(head.length);
  const count = file.readInto(found, 0);
  return Buffer.from(found.buffer, 0, count).equals(head.subarray(0, count));
}

/** Returns true if data after a damage is intact, which truncating the file before the damage would lose. */
export function isIntactAfterDamage(file: ReadableFile): boolean {
  const reader = new SectionReader(file);
  let isDamaged = false;
  for (let index = 0; index < file.sections.count; index += 1) {
    if (reader.read(file.sections.at(index)).damage) isDamaged = true;
    else if (isDamaged) return true;
  }
  return false;
}

/** How long one check may compare the file with what was written. */
const lookMs = 50;
/** How long the last check may take. */
const lastLookMs = 1_000;

/** Detects that another program has overwritten bytes in a file that is being recorded to. */
export class FileWatch {
  /** The block at the start of the file. */
  readonly head: Uint8Array;
  readonly #check = new FileCheck();
  #damage: Damage | undefined;

  constructor(head: Uint8Array) {
    this.head = head;
  }

  /** The known damage of the file. */
  get damage(): Damage | undefined {
    return this.#damage;
  }

  /** Compares a part of the file if another program may have written to it; returns the failure if it is damaged. */
  look(file: LogFile): Failure | undefined {
    if (file.takeTouched()) this.#check.request();
    return this.#found(file, this.#check.run(file, this.head, lookMs));
  }

  /** Compares the whole file, within the time limit. */
  lookLast(file: LogFile): Failure | undefined {
    return this.#found(file, firstDamage(file, this.head, lastLookMs));
  }

  /** Returns the failure if the file cannot be repaired by truncation without losing intact data. */
  overwritten(file: LogFile): Failure | undefined {
    const isToCompare = this.#damage !== undefined || (file.isChanged && isIntactAfterDamage(file));
    return this.#found(file, isToCompare ? firstDamage(file, this.head) : undefined);
  }

  /** Returns how far the session can be read after `file` is closed, if its content or its place is no longer ours. */
  left(file: LogFile): Damage | undefined {
    return this.#damage ?? (isNotOurs(file, this.head) ? { at: 0, record: 0 } : undefined);
  }

  #found(file: LogFile, damage: Damage | undefined): Failure | undefined {
    this.#damage = damage;
    return damage && changedFailure(file.tried, { kind: 'overwritten', at: damage.at });
  }
}

/** Returns true if another file is in the place of `file`, or it does not begin with `head`. */
function isNotOurs(file: LogFile, head: Uint8Array): boolean {
  try {
    return !file.isAt(file.path) || !beginsWith(file, head);
  } catch {
    return true;
  }
}
