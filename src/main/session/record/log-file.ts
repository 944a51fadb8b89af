import { closeSync, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, readSync, writevSync } from 'node:fs';
import { openFileToAppendSync } from '#files/regular-file.ts';
import type { Failure } from '#shared/failure.ts';
import { fileFailure } from '../format/failures.ts';
import { checksumOf, dropBytes, groupsOf, type OutgoingBlock } from '../format/outgoing-block.ts';
import { changedFailure, FileSections, isSameFile, syncFailure, whereabouts } from './file-changes.ts';

/** The calls of `node:fs` that writing needs; tests replace them with failing ones. */
export interface WriteCalls {
  writev(fd: number, parts: readonly Uint8Array[], position: number): number;
  truncate(fd: number, length: number): void;
}

const systemCalls: WriteCalls = {
  writev: (fd, parts, position) => writevSync(fd, parts, position),
  truncate: (fd, length) => ftruncateSync(fd, length),
};

/** The session file while it is written: append-only, block by block. */
export class LogFile {
  /** What was written since the file was opened here, to compare the file with. */
  readonly sections: FileSections;
  readonly #fd: number;
  readonly #calls: WriteCalls;
  #path: string;
  #length: number;
  #next: number;
  #appended = 0;
  #isChanged = false;
  /** The modification time after the last write from here, according to the system (`st_mtim`). */
  #writtenAt = 0;
  #isTouched = false;

  /**
   * The first `length` bytes of the file are whole blocks; the next record has the number `next`. `sections`: what is known
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

  /** Notes that the file was renamed to `path`. */
  renamed(path: string): void {
    this.#path = path;
  }

  /** The number of blocks of the last `append` that are completely in the file. */
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

  /** True if another program has written to the file or truncated it, so that its content must be checked. */
  get isChanged(): boolean {
    return this.#isChanged || this.size() < this.#length;
  }

  /**
   * Returns true if another program may have written to the file since the last call. The time stamps of a file system have steps
   * (mostly of milliseconds): a change within the same step as a write from here is not detected.
   */
  takeTouched(): boolean {
    const was = this.#isTouched;
    this.#isTouched = false;
    return was;
  }

  /** What was tried, for a failure. */
  get tried(): string {
    return `Could not record to “${this.#path}”`;
  }

  /** Returns the size of the file in bytes, including what others wrote. Throws what `node:fs` throws. */
  size(): number {
    return fstatSync(this.#fd).size;
  }

  /** Returns why the file, or its place, has changed; `undefined` if it has not. */
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
   * Appends `blocks`. If another program has changed the length of the file, nothing counts as written. After another failure
   * the file ends with the last completely written block, if the system allows truncating it.
   */
  append(blocks: readonly OutgoingBlock[]): Failure | undefined {
    this.#appended = 0;
    const changed = this.#sizeFailure();
    if (changed) return changed;
    for (const group of groupsOf(blocks)) {
      const failure = this.#write(group);
      if (failure) return failure;
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
        if (count === 0) throw new Error('write() returned 0: nothing was written');
        written += count;
        if (written < size) parts = dropBytes(parts, count);
      }
    } catch (error) {
      failure = fileFailure(this.tried, error);
    }
    // It was changed during the write: the position of these blocks is unknown.
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
    if (failure) this.#truncatePartial();
    return failure;
  }

  /** Removes a partly written block. If that fails, the checksum stops a reader there. */
  #truncatePartial(): void {
    try {
      if (this.size() > this.#length) this.truncate();
    } catch {
      // The failure of the write is the one to report.
    }
  }

  /** Truncates the file after its last whole block. Throws as `node:fs` does. */
  truncate(): void {
    this.#calls.truncate(this.#fd, this.#length);
    this.#stamp();
  }

  /** Fills `bytes` from `position`; returns the number of bytes read. Throws what `node:fs` throws. */
  readInto(bytes: Uint8Array, position: number): number {
    return readSync(this.#fd, bytes, 0, bytes.length, position);
  }

  /** Returns true if `path` leads to this file. Throws what `node:fs` throws, except for a missing file. */
  isAt(path: string): boolean {
    return isSameFile(this.#fd, path);
  }

  /** Returns what happened to the file and its place. Throws what `node:fs` throws, except for a missing file. */
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

  /** Remembers the time of a change that was made here. */
  #stamp(): void {
    this.#writtenAt = fstatSync(this.#fd).mtimeMs;
  }

  /** Returns a failure if the length differs from what was written, including `more` bytes that were written just now. */
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

  /** Syncs what was written to the disk; passes the failure, if any, to `done`. */
  sync(done: (failure: Failure | undefined) => void): void {
    fdatasync(this.#fd, (error) => done(error === null ? undefined : syncFailure(this.#path, error)));
  }

  /** Closes the file without a sync. */
  abandon(): void {
    closeSync(this.#fd);
  }

  /** Syncs and closes the file. Must not be called during a `sync`. */
  close(): Failure | undefined {
    let failure: Failure | undefined;
    try {
      fdatasyncSync(this.#fd);
    } catch (error) {
      failure = syncFailure(this.#path, error);
    }
    closeSync(this.#fd);
    return failure;
  }
}
