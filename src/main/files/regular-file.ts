import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type Failure, fail } from '#shared/failure.ts';
import { lookUpErrno, systemAnswer } from '#shared/socket/errno.ts';
import { descriptorHint } from './descriptors.ts';

/** The code of the error thrown for a FIFO, a device or a socket where a regular file is expected. */
export const notRegularCode = 'ERR_NOT_REGULAR_FILE';

/** What to do about it, as a sentence. */
export const notRegularHint = 'Name a regular file.';

/**
 * Does not wait for the other end of a FIFO (POSIX open(), `O_NONBLOCK`), and does not make a terminal the controlling one
 * (`O_NOCTTY`). An open() that waits would block its thread forever, and the process could not end. Windows has neither flag.
 */
const withoutWaiting = (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOCTTY ?? 0);

/** The flags of an open() for reading only, which does not wait. */
export const readFlags = fs.constants.O_RDONLY | withoutWaiting;
/**
 * Appends: if another program has just truncated the file, the result is too short, which can be detected; a write at a
 * fixed position would leave a hole. Windows does not allow an open file to be truncated.
 */
const appending = process.platform === 'win32' ? 0 : fs.constants.O_APPEND;
const appendFlags = fs.constants.O_RDWR | appending | withoutWaiting;

/**
 * Opens the regular file at `path` for reading, without ever waiting; returns its descriptor. Throws what `node:fs` throws, `EISDIR` for
 * a folder, and `notRegularCode` for any other kind. It checks the descriptor, since the path may meanwhile lead elsewhere.
 */
export function openFileSync(path: string): number {
  return openChecked(path, readFlags);
}

/** Opens the existing regular file at `path` for reading and appending; see `openFileSync`. */
export function openFileToAppendSync(path: string): number {
  return openChecked(path, appendFlags);
}

/** Does what `openFileSync` does, asynchronously; returns a handle. */
export async function openFile(path: string): Promise<FileHandle> {
  const handle = await fs.promises.open(path, readFlags).catch((error: unknown) => {
    throw openError(error);
  });
  try {
    requireRegular(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads the whole regular file at `path`, at most `maxBytes`. Throws like `openFileSync`, and `EFBIG` for a longer file.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<Buffer> {
  await using handle = await openFile(path);
  const { size } = await handle.stat();
  if (size > maxBytes) {
    throw Object.assign(new Error(`EFBIG: it has ${size} bytes, and the maximum is ${maxBytes}, read`), {
      code: 'EFBIG',
      syscall: 'read',
    });
  }
  return await handle.readFile();
}

/** Does what `readRegularFile` does, synchronously and without a limit. */
export function readRegularFileSync(path: string): Buffer {
  const fd = openFileSync(path);
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Throws `EISDIR` for a folder and `notRegularCode` for anything else that is not a regular file. */
export function requireRegular(stats: fs.Stats | fs.BigIntStats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) {
    throw Object.assign(new Error('EISDIR: is a directory, open'), { code: 'EISDIR', syscall: 'open' });
  }
  throw notRegular(kindOf(stats));
}

function openChecked(path: string, flags: number): number {
  let fd: number;
  try {
    fd = fs.openSync(path, flags);
  } catch (error) {
    throw openError(error);
  }
  try {
    requireRegular(fs.fstatSync(fd));
    return fd;
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Returns the error to report: open() answers `ENXIO` for a socket and for a device without hardware, and neither is a file. */
export function openError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENXIO' ? notRegular('a socket or a device') : error;
}

function notRegular(kind: string): Error {
  return Object.assign(new Error(`it is ${kind}, not a regular file`), { code: notRegularCode });
}

function kindOf(stats: fs.Stats | fs.BigIntStats): string {
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** What to do, for errors for which the socket-oriented catalogue of errors gives another hint. */
const hints: Readonly<Record<string, string>> = {
  EACCES: 'This user may not read it. Change its permissions or those of its folders, or use another file.',
  EPERM: 'This user may not read it. Change its permissions or those of its folders, or use another file.',
  EINVAL: 'Check the path, or use another file.',
  ENAMETOOLONG: 'Use a shorter path.',
};

/** Returns the failure of reading a file: `tried` says what was tried; the rest comes from the error that reading threw. */
export function unreadableFile(tried: string, error: unknown): Failure {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (error instanceof Error && errno === notRegularCode) {
    return fail('file', tried, { system: error.message, hint: notRegularHint }).error;
  }
  const call = error instanceof Error && 'syscall' in error ? String(error.syscall) : 'read';
  const hint = errno === 'EMFILE' ? descriptorHint() : (hints[errno] ?? lookUpErrno(errno).hint);
  return fail('file', tried, { system: systemAnswer(call, errno), hint }).error;
}
