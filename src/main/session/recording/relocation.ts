import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fdatasync, linkSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPrivateFile } from '#files/private-files.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { cancelled, fileFailure } from '../file-failure.ts';
import { LogFile } from './log-file.ts';

interface Relocation {
  /** The file as it is; may be appended to until `hold`. */
  readonly file: LogFile;
  /** Where the session is to go on. */
  readonly path: string;
  /** From now on nothing may be appended until the relocation is done. */
  hold(): void;
  /** Writes on in the same file, which has a second name already. */
  writeHere(): Failure | undefined;
  /** Appends what waits to a copy; it goes on waiting until the relocation is done. */
  writeThere(copy: LogFile): Failure | undefined;
  isCancelled(): boolean;
  onProgress(done: number, total: number): void;
}

const sliceBytes = 1_048_576;
/** How long copying goes on before other work has its turn. */
const sliceMs = 8;
const progressEveryMs = 100;
/** What comes while a pass copies is left to the next one; what comes during the last waits. */
const openPasses = 2;
/** What file systems answer that have no second names for a file. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'EACCES']);

/**
 * Brings a session's file to another place and gives the file to go on with: the same one under its new name where the
 * system allows it, else a copy, with the old one removed. Whole or not at all: where it fails or is cancelled the old
 * file is as it was, and none is left at the new place. A file that is there already is never replaced.
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

/** Gives the file a second name, if it can be done here; false where only a copy helps, or tells what is wrong. */
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
    // That the old one stays where it cannot be removed loses nothing.
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

/** Copies the good bytes of the file, with all that comes meanwhile; gives how many, `undefined` where cancelled. */
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
      const count = file.readInto(slice.subarray(0, Math.min(sliceBytes, goal - done)), done);
      if (count === 0) throw new Error('the old file is shorter than what was written to it');
      for (let at = 0; at < count; ) at += writeSync(fd, slice, at, count - at, done + at);
      done += count;
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
    // The bulk is on the disk before anything has to wait for the rest.
    await sync(fd);
  }
}

async function sync(fd: number): Promise<void> {
  try {
    await promisify(fdatasync)(fd);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP')))
      throw error;
  }
}

/** Gives `part` its name without ever replacing what may be there by now. */
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
