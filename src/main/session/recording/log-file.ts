import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  readSync,
  unlinkSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { createPrivateFile } from '#files/private-files.ts';
import { openFileToAppendSync } from '#files/regular-file.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Failure } from '#shared/failure.ts';
import { blockTypes, makeBlock } from '#shared/record/block.ts';
import type { SessionHeader } from '#shared/record/session-header.ts';
import { fileFailure } from '../file-failure.ts';
import { changedFailure, isSameFile, whereabouts } from './file-changes.ts';

/** One block as the parts that the file gets, in order. */
export interface OutgoingBlock {
  readonly parts: readonly Uint8Array[];
  readonly size: number;
  /** The number that the record after this block has. */
  readonly next: number;
}

/** The calls of `node:fs` that writing needs; tests put failing ones in their place. */
export interface WriteCalls {
  writev(fd: number, parts: readonly Uint8Array[], position: number): number;
  truncate(fd: number, length: number): void;
}

const systemCalls: WriteCalls = {
  writev: (fd, parts, position) => writevSync(fd, parts, position),
  truncate: (fd, length) => ftruncateSync(fd, length),
};

/** The most parts of one call: what Linux's IOV_MAX is, less a little. */
const maxParts = 1_000;
/**
 * Makes the file at `path` with its header block. One that exists is never overwritten. Gives its length, or why there
 * is none (and then leaves no file).
 */
export function createSessionFile(path: string, header: SessionHeader): { readonly length: number } | Failure {
  const tried = `Could not make the session file “${path}”`;
  let fd: number;
  try {
    fd = createPrivateFile(path);
  } catch (error) {
    return fileFailure(tried, error);
  }
  try {
    const block = makeBlock(blockTypes.session, encodeUtf8(JSON.stringify(header)), 0, crc32);
    for (let done = 0; done < block.length; ) done += writeSync(fd, block, done, block.length - done, done);
    return { length: block.length };
  } catch (error) {
    unlinkSync(path);
    return fileFailure(tried, error);
  } finally {
    closeSync(fd);
  }
}

/** A block of JSON. `next` is the number that the next record will have. */
export function jsonBlock(type: number, value: unknown, next: number): OutgoingBlock {
  const block = makeBlock(type, encodeUtf8(JSON.stringify(value)), next, crc32);
  return { parts: [block], size: block.length, next };
}

/** The session file while it is written: only ever appended to, block by block. */
export class LogFile {
  readonly #fd: number;
  readonly #calls: WriteCalls;
  #path: string;
  #length: number;
  #next: number;
  #appended = 0;
  #isChanged = false;

  /** `length` bytes of the file are whole blocks; the record that comes next has the number `next`. */
  constructor(path: string, length: number, calls: WriteCalls = systemCalls, next = 0) {
    this.#path = path;
    this.#length = length;
    this.#next = next;
    this.#calls = calls;
    this.#fd = openFileToAppendSync(path);
  }

  get path(): string {
    return this.#path;
  }

  /** The file has another name now. */
  renamed(path: string): void {
    this.#path = path;
  }

  /** Blocks of the last `append` that are whole in the file. */
  get appended(): number {
    return this.#appended;
  }

  /** Bytes of whole blocks in the file. */
  get length(): number {
    return this.#length;
  }

  /** The number that the next record will have. */
  get next(): number {
    return this.#next;
  }

  /** True where another program has written to the file or truncated it: what is in it is to be checked. */
  get isChanged(): boolean {
    return this.#isChanged || this.size() < this.#length;
  }

  /** Bytes in the file now, whoever wrote them. Throws what `node:fs` throws. */
  size(): number {
    return fstatSync(this.#fd).size;
  }

  /** Says why the file, or its place, is no longer what was written; `undefined` where it is. */
  check(): Failure | undefined {
    return this.#sizeFailure() ?? this.#placeFailure();
  }

  /** Truncates the file to `length` bytes, which are whole blocks up to record `next`. Throws as `node:fs` does. */
  restart(length: number, next: number): void {
    this.#calls.truncate(this.#fd, length);
    this.#length = length;
    this.#next = next;
    this.#isChanged = false;
  }

  /**
   * Appends `blocks`. Where another program has changed the length of the file, nothing is taken as written. On
   * another failure the file ends with the last block that was written whole, as far as the system lets it be cut.
   */
  append(blocks: readonly OutgoingBlock[]): Failure | undefined {
    this.#appended = 0;
    const changed = this.#sizeFailure();
    if (changed) return changed;
    let begin = 0;
    while (begin < blocks.length) {
      let end = begin;
      let count = 0;
      for (
        let block = blocks[end];
        block && (end === begin || count + block.parts.length <= maxParts);
        block = blocks[end]
      ) {
        count += block.parts.length;
        end += 1;
      }
      const failure = this.#write(blocks.slice(begin, end));
      if (failure) return failure;
      begin = end;
    }
    return undefined;
  }

  #write(blocks: readonly OutgoingBlock[]): Failure | undefined {
    let parts = blocks.flatMap((block) => block.parts);
    const size = blocks.reduce((sum, block) => sum + block.size, 0);
    let written = 0;
    let failure: Failure | undefined;
    try {
      while (written < size) {
        const count = this.#calls.writev(this.#fd, parts, this.#length + written);
        if (count === 0) throw new Error('write answered 0: nothing was written');
        written += count;
        if (written < size) parts = dropBytes(parts, count);
      }
    } catch (error) {
      failure = fileFailure(this.#tried, error);
    }
    // It was changed while this was written: where this stands is not known.
    const changed = failure ? undefined : this.#sizeFailure(size);
    if (changed) return changed;
    let whole = 0;
    for (const block of blocks) {
      if (whole + block.size > written) break;
      whole += block.size;
      this.#next = block.next;
      this.#appended += 1;
    }
    this.#length += whole;
    if (failure) this.#cut();
    return failure;
  }

  /** Takes back the part of a block that was written. Where that fails, a reader stops there by the checksum. */
  #cut(): void {
    try {
      if (this.size() > this.#length) this.#calls.truncate(this.#fd, this.#length);
    } catch {
      // The failure of the write is the one to report.
    }
  }

  /** Makes the file end with its last whole block, whatever a failed write left behind. Throws as `node:fs` does. */
  cut(): void {
    this.#calls.truncate(this.#fd, this.#length);
  }

  /** Fills `bytes` from `position` on; gives how many there were. Throws what `node:fs` throws. */
  readInto(bytes: Uint8Array, position: number): number {
    return readSync(this.#fd, bytes, 0, bytes.length, position);
  }

  /** True where `path` leads to this very file. Throws what `node:fs` throws, but where nothing is there. */
  isAt(path: string): boolean {
    return isSameFile(this.#fd, path);
  }

  #placeFailure(): Failure | undefined {
    try {
      const found = whereabouts(this.#fd, this.#path);
      return found === 'here' ? undefined : changedFailure(this.#tried, { kind: found });
    } catch (error) {
      return fileFailure(this.#tried, error);
    }
  }

  /** Why the file has another length than was written, `more` bytes included. */
  #sizeFailure(more = 0): Failure | undefined {
    try {
      const size = this.size();
      const expected = this.#length + more;
      if (size === expected) return undefined;
      this.#isChanged = true;
      return changedFailure(this.#tried, { kind: size < expected ? 'truncated' : 'extended', size, expected });
    } catch (error) {
      return fileFailure(this.#tried, error);
    }
  }

  /** Asks the system to bring what was written to the disk; `done` gets the failure, if any. */
  sync(done: (failure: Failure | undefined) => void): void {
    fdatasync(this.#fd, (error) => done(error === null ? undefined : this.#syncFailure(error)));
  }

  /** Closes the file as it is. */
  abandon(): void {
    closeSync(this.#fd);
  }

  /** Syncs once more and closes the file. Not while a `sync` is under way. */
  close(): Failure | undefined {
    let failure: Failure | undefined;
    try {
      fdatasyncSync(this.#fd);
    } catch (error) {
      failure = this.#syncFailure(error);
    }
    closeSync(this.#fd);
    return failure;
  }

  get #tried(): string {
    return `Could not record to “${this.#path}”`;
  }

  #syncFailure(error: unknown): Failure | undefined {
    // Some file systems have nothing to sync and say so.
    if (error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP'))
      return undefined;
    return fileFailure(`Could not bring “${this.#path}” to the disk`, error);
  }
}

/** `parts` without their first `count` bytes. */
function dropBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const part of parts) {
    if (left >= part.length) left -= part.length;
    else {
      rest.push(left === 0 ? part : part.subarray(left));
      left = 0;
    }
  }
  return rest;
}
