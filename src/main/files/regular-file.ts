import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** The code of the error that is thrown for a FIFO, a device or a socket where a regular file is wanted. */
export const notRegularCode = 'ERR_NOT_REGULAR_FILE';

/** What to do about it, as a sentence. */
export const notRegularHint = 'Name a regular file.';

/**
 * Does not wait for the other end of a FIFO (POSIX open(), `O_NONBLOCK`), and does not make a terminal the controlling one
 * (`O_NOCTTY`). An open() that waits holds its thread for ever, and the process cannot end before it returns. Windows has neither flag.
 */
const withoutWaiting = (fs.constants.O_NONBLOCK ?? 0) | (fs.constants.O_NOCTTY ?? 0);

/** The flags of an open() that only reads and does not wait. */
export const readFlags = fs.constants.O_RDONLY | withoutWaiting;
/**
 * What is written goes behind what is there: where another program has just truncated the file it gets too short, which can be noticed;
 * at a position of its own a write would leave a hole. Windows does not let a file that is open be truncated.
 */
const appending = process.platform === 'win32' ? 0 : fs.constants.O_APPEND;
const appendFlags = fs.constants.O_RDWR | appending | withoutWaiting;

/**
 * Opens the regular file at `path` to read it, without ever waiting; returns its descriptor. Throws what `node:fs` throws, `EISDIR` for
 * a folder, and `notRegularCode` for everything else. The descriptor is what is checked: the path may lead elsewhere by then.
 */
export function openFileSync(path: string): number {
  return openChecked(path, readFlags);
}

/** Opens the regular file at `path`, which must exist, to read it and to append to it; otherwise like `openFileSync`. */
export function openFileToAppendSync(path: string): number {
  return openChecked(path, appendFlags);
}

/** Does what `openFileSync` does, off the calling thread; returns a handle. */
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
 * Reads all of the regular file at `path`, at most `maxBytes` of it. Throws like `openFileSync`, and `EFBIG` for a longer file.
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

/** Does what `readRegularFile` does on the calling thread, without a limit. */
export function readRegularFileSync(path: string): Buffer {
  const fd = openFileSync(path);
  try {
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Throws `EISDIR` for a folder and `notRegularCode` for what else is no regular file. */
export function requireRegular(stats: fs.Stats): void {
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

/** Returns the error to tell of: `ENXIO` is what open() answers for a socket, and for a device without hardware: neither is a file. */
export function openError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENXIO' ? notRegular('a socket or a device') : error;
}

function notRegular(kind: string): Error {
  return Object.assign(new Error(`it is ${kind}, not a regular file`), { code: notRegularCode });
}

function kindOf(stats: fs.Stats): string {
  if (stats.isFIFO()) return 'a pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
