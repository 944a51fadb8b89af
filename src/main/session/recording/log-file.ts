import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, readSync, writevSync } from 'node:fs';
import { openFileToAppendSync } from '#files/regular-file.ts';
import type { Failure } from '#shared/failure.ts';
import { fileFailure } from '../file-failure.ts';
import { changedFailure, isSameFile, whereabouts } from './file-changes.ts';
import { FileSections } from './file-sections.ts';
import { checksumOf, dropBytes, type OutgoingBlock } from './outgoing-block.ts';

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

/** The session file while it is written: only ever appended to, block by block. */
export class LogFile {
  /** What was written since it is open here, to compare the file with. */
  readonly sections: FileSections;
  readonly #fd: number;
  readonly #calls: WriteCalls;
  #path: string;
  #length: number;
  #next: number;
  #appended = 0;
  #isChanged = false;
  /** When the file was last written to here, as its system says (`st_mtim`). */
  #writtenAt = 0;
  #isTouched = false;

  /**
   * `length` bytes of the file are whole blocks; the record that comes next has the number `next`. `sections`: what is known
   * of these blocks.
   */
  constructor(
    path: string,
    length: number,
    calls: WriteCalls = systemCalls,
    next = 0,
    sections = new FileSections(length, next),
  ) {
    this.#path = path;
    this.#length = length;
    this.#next = next;
    this.#calls = calls;
    this.sections = sections;
    this.#fd = openFileToAppendSync(path);
    this.#stamp();
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

  /**
   * True, once, where another program may have written to the file since this was last asked. A file system tells times in steps (of
   * milliseconds, mostly): what happens within a step of a write from here is not seen.
   */
  takeTouched(): boolean {
    const was = this.#isTouched;
    this.#isTouched = false;
    return was;
  }

  /** What is tried with it, as a failure says it. */
  get tried(): string {
    return `Could not record to “${this.#path}”`;
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
    this.#stamp();
    this.#length = length;
    this.#next = next;
    this.sections.restart(length, next);
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
      failure = fileFailure(this.tried, error);
    }
    // It was changed while this was written: where this stands is not known.
    const changed = failure ? undefined : this.#sizeFailure(size);
    if (changed) return changed;
    let whole = 0;
    for (const block of blocks) {
      if (whole + block.size > written) break;
      whole += block.size;
      this.#next = block.next;
      this.sections.add(block.size, block.next, checksumOf(block));
      this.#appended += 1;
    }
    this.#length += whole;
    if (failure) this.#cut();
    return failure;
  }

  /** Takes back the part of a block that was written. Where that fails, a reader stops there by the checksum. */
  #cut(): void {
    try {
      if (this.size() > this.#length) this.cut();
    } catch {
      // The failure of the write is the one to report.
    }
  }

  /** Makes the file end with its last whole block, whatever a failed write left behind. Throws as `node:fs` does. */
  cut(): void {
    this.#calls.truncate(this.#fd, this.#length);
    this.#stamp();
  }

  /** Fills `bytes` from `position` on; gives how many there were. Throws what `node:fs` throws. */
  readInto(bytes: Uint8Array, position: number): number {
    return readSync(this.#fd, bytes, 0, bytes.length, position);
  }

  /** True where `path` leads to this very file. Throws what `node:fs` throws, but where nothing is there. */
  isAt(path: string): boolean {
    return isSameFile(this.#fd, path);
  }

  /** What became of the file and its place. Throws what `node:fs` throws, but where nothing is there. */
  whereabouts(): ReturnType<typeof whereabouts> {
    return whereabouts(this.#fd, this.#path);
  }

  #placeFailure(): Failure | undefined {
    try {
      const found = this.whereabouts();
      return found === 'here' ? undefined : changedFailure(this.tried, { kind: found });
    } catch (error) {
      return fileFailure(this.tried, error);
    }
  }

  /** Keeps the time of a change that was made here. */
  #stamp(): void {
    this.#writtenAt = fstatSync(this.#fd).mtimeMs;
  }

  /** Why the file has another length than was written, `more` bytes included that were written just now. */
  #sizeFailure(more = 0): Failure | undefined {
    try {
      const { size, mtimeMs } = fstatSync(this.#fd);
      const expected = this.#length + more;
      if (more === 0 && mtimeMs !== this.#writtenAt) this.#isTouched = true;
      this.#writtenAt = mtimeMs;
      if (size === expected) return undefined;
      this.#isChanged = true;
      return changedFailure(this.tried, { kind: size < expected ? 'truncated' : 'extended', size, expected });
    } catch (error) {
      return fileFailure(this.tried, error);
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

  #syncFailure(error: unknown): Failure | undefined {
    // Some file systems have nothing to sync and say so.
    if (error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP'))
      return undefined;
    return fileFailure(`Could not bring “${this.#path}” to the disk`, error);
  }
}
