import fs from 'node:fs';
import net from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { ok, type Result } from '#shared/failure.ts';
import { unreadable } from './unreadable.ts';

/** A stream that is sent, and its name in messages to people. */
export interface InputSource {
  readonly name: string;
  readonly stream: Readable & { readonly isTTY?: boolean };
}

/** How an input is split into messages. */
export type InputSplit =
  /** Each read as it comes. */
  | 'reads'
  /** Each line without its end (LF or CR LF). */
  | 'lines'
  /** Each line with its end. */
  | 'whole-lines';

/** A stream that is sent as it comes. */
export interface InputPayload extends InputSource {
  readonly kind: 'input';
  readonly split: InputSplit;
}

/** What `--file` names: a file of a known size, or what can only be read from its beginning to its end. */
export type FileSource =
  | { readonly kind: 'file'; readonly file: string; readonly size: number }
  | ({ readonly kind: 'stream' } & InputSource);

/** Returns the standard input as a source. */
export function standardInput(): InputSource {
  return { name: 'the standard input', stream: process.stdin };
}

/** Paths of our own standard input. Opening one of them fails where it is a socket. */
const ownInput = ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/**
 * Opens what `path` names. A pipe (`<(…)` of the shell, a FIFO) or a device becomes a stream, of which nothing is read yet.
 * Fails where the system cannot open it, and on a folder.
 */
export async function openFileSource(path: string): Promise<Result<FileSource>> {
  try {
    const stats = await fs.promises.stat(path);
    if (stats.isFile() || stats.isDirectory()) {
      const handle = await fs.promises.open(path, 'r');
      await handle.close();
      if (stats.isFile()) return ok({ kind: 'file', file: resolve(path), size: stats.size });
      return unreadable(path, Object.assign(new Error(), { code: 'EISDIR', syscall: 'read' }));
    }
    const stream = ownInput.includes(path) ? process.stdin : openNow(path);
    return ok({ kind: 'stream', name: path, stream });
  } catch (error) {
    return unreadable(path, error);
  }
}

/**
 * Opens a pipe or a device without waiting for a writer: an open() that waits holds a thread of Node's pool, and the program
 * cannot end before it returns (POSIX open(), `O_NONBLOCK`).
 */
function openNow(path: string): Readable {
  const fd = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  if (isatty(fd)) return new ReadStream(fd);
  if (fs.fstatSync(fd).isFIFO()) return new net.Socket({ fd, readable: true, writable: false });
  return fs.createReadStream(path, { fd });
}
