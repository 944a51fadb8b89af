import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fdatasync, linkSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPrivateFile } from '#files/private-files.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { cancelled, fileFailure } from '../format/failures.ts';
import { isSyncUnsupported } from './file-changes.ts';
import { LogFile } from './log-file.ts';

interface Relocation {
  /** The present file; may be appended to until `hold`. */
  readonly file: LogFile;
  /** The path to which the session moves. */
  readonly path: string;
  /** Pauses appending until the relocation has ended. */
  hold(): void;
  /** Writes what waits to the same file, which already has a second name. */
  writeHere(): Failure | undefined;
  /** Appends what waits to a copy; it keeps waiting until the relocation has ended. */
  writeThere(copy: LogFile): Failure | undefined;
  isCancelled(): boolean;
  onProgress(done: number, total: number): void;
}

const sliceBytes = 1_048_576;
/** How long copying runs before other work has its turn. */
const sliceMs = 8;
const progressEveryMs = 100;
/** The number of passes during which the file may grow; what is recorded during the last pass waits. */
const openPasses = 2;
/** The error codes of file systems without hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES']);

/**
 * Moves a session's file to another place and returns the file to continue with: the same one under its new name if the
 * system allows it, otherwise a copy, and then removes the old one. If it fails or is cancelled, the old file is unchanged and
 * no new file remains. Never replaces an existing file.
 */
export async function relocate(job: Relocation): Promise<Result<LogFile>> {
  const { file, path } = job;
  const tried = `Could not move the session to “${path}”`;
  if (existsSync(path)) return failed(existing(tried));
  const old = file.path;
  const linked = link(file, path);
  if (!linked) return relocateByCopy(job, tried);
  job.hold();
  const failure = job.writeHere() ?? removed(old);
  if (failure) {
    unlinkSync(path);
    return failed({ ...failure, message: tried });
  }
  file.renamed(path);
  return { ok: true, value: file };
}

/** Gives the file a second name if possible; returns false if only a copy helps, and throws other errors. */
function link(file: LogFile, path: string): boolean {
  try {
    if (!file.isAt(file.path)) return false;
    linkSync(file.path, path);
    return true;
  } catch {
    return false;
  }
}

function removed(path: string): Failure | undefined {
  try {
    unlinkSync(path);
    return undefined;
  } catch (error) {
    return fileFailure(`Could not remove “${path}”`, error);
  }
}

/** Returns the failure of moving a session to `path` while another move is in progress. */
export function alreadyMoving(path: string): Failure {
  const message = `Could not move the session to “${path}”`;
  const hint = 'Wait until that move has ended.';
  return { code: 'wrong-state', message, system: 'it is being moved already', hint };
}

async function relocateByCopy(job: Relocation, tried: string): Promise<Result<LogFile>> {
  const { file, path } = job;
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  let fd: number | undefined;
  let copy: LogFile | undefined;
  let named = false;
  try {
    fd = createPrivateFile(part);
    const length = await copyAll(job, fd);
    if (length === undefined) throw new Cancelled();
    copy = new LogFile(part, length, undefined, file.next, file.sections.copy());
    const failure = job.writeThere(copy);
    if (failure) throw new WriteFailed(failure);
    await sync(fd);
    closeSync(fd);
    fd = undefined;
    name(part, path);
    named = true;
    copy.renamed(path);
    // If the old file cannot be removed, nothing is lost.
    if (file.isAt(file.path)) removed(file.path);
    return { ok: true, value: copy };
  } catch (error) {
    copy?.abandon();
    if (fd !== undefined) closeSync(fd);
    removed(named ? path : part);
    if (error instanceof Cancelled) return failed(cancelled(`Moving the session to “${path}”`));
    if (error instanceof WriteFailed) return failed({ ...error.failure, message: tried });
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return failed(exists ? existing(tried) : fileFailure(tried, error));
  }
}

/** Copies the blocks of the file, with those appended meanwhile; returns the number of bytes, `undefined` if cancelled. */
async function copyAll({ file, hold, isCancelled, onProgress }: Relocation, fd: number): Promise<number | undefined> {
  const slice = new Uint8Array(sliceBytes);
  let done = 0;
  let reportedAt = performance.now();
  let sliceEnd = reportedAt + sliceMs;
  for (let pass = 1; ; pass += 1) {
    const isPaused = pass > openPasses;
    if (isPaused) hold();
    const goal = file.length;
    while (done < goal) {
      done += copySlice(file, fd, slice.subarray(0, Math.min(sliceBytes, goal - done)), done);
      const now = performance.now();
      if (now - reportedAt >= progressEveryMs) {
        reportedAt = now;
        onProgress(done, goal);
      }
      if (now < sliceEnd) continue;
      await setImmediate();
      if (isCancelled()) return undefined;
      sliceEnd = performance.now() + sliceMs;
    }
    if (isCancelled()) return undefined;
    if (isPaused) return done;
    // Most of the data is on the disk before anything must wait for the rest.
    await sync(fd);
  }
}

/** Copies up to the length of `slice` at `position` of the file to `fd`, through `slice`; returns the number of bytes. */
function copySlice(file: LogFile, fd: number, slice: Uint8Array, position: number): number {
  const count = file.readInto(slice, position);
  if (count === 0) throw new Error('the old file is shorter than what was written to it');
  for (let at = 0; at < count; ) at += writeSync(fd, slice, at, count - at, position + at);
  return count;
}

async function sync(fd: number): Promise<void> {
  try {
    await promisify(fdatasync)(fd);
  } catch (error) {
    if (!isSyncUnsupported(error)) throw error;
  }
}

/** Gives `part` its name without ever replacing a file. */
function name(part: string, path: string): void {
  try {
    linkSync(part, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!noLinks.has(code) || existsSync(path)) throw error;
    renameSync(part, path);
    return;
  }
  removed(part);
}

class Cancelled extends Error {}

class WriteFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

function existing(message: string): Failure {
  return fileFailure(
    message,
    Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST', syscall: 'open' }),
  );
}

function failed(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
