import fs from 'node:fs';
import net from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { openError, readFlags } from '#files/regular-file.ts';
import { ok, type Result } from '#shared/failure.ts';
import { unreadable } from './unreadable.ts';

/** A stream that is sent, and its name in messages. */
export interface InputSource {
  readonly name: string;
  readonly stream: Readable & { readonly isTTY?: boolean };
}

/** How an input is split into messages. */
export type InputSplit =
  /** Each read is a message. */
  | 'reads'
  /** Each line is a message, without its line end (LF or CR LF). */
  | 'lines'
  /** Each line is a message, with its line end. */
  | 'whole-lines';

/** A stream that is sent as it arrives. */
export interface InputPayload extends InputSource {
  readonly kind: 'input';
  readonly split: InputSplit;
}

/** What `--file` names: a file with a known size, or a stream. */
type FileSource =
  | { readonly kind: 'file'; readonly file: string; readonly size: number }
  | ({ readonly kind: 'stream' } & InputSource);

/** Returns the standard input as a source. */
export function standardInput(): InputSource {
  return { name: 'the standard input', stream: process.stdin };
}

/** Paths of the standard input. Opening them fails if it is a socket. */
const ownInput = ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/**
 * Opens `path`. A pipe (`<(…)` of the shell, a FIFO) or a device becomes a stream, which is not read yet. Fails if the system
 * cannot open the path, or it is a folder.
 */
export async function openFileSource(path: string): Promise<Result<FileSource>> {
  try {
    if (ownInput.includes(path) && !fs.fstatSync(0).isFile()) {
      return ok({ kind: 'stream', name: path, stream: process.stdin });
    }
    const fd = fs.openSync(path, readFlags);
    const stats = fs.fstatSync(fd);
    if (!stats.isFile() && !stats.isDirectory())
      return ok({ kind: 'stream', name: path, stream: streamOf(path, fd, stats) });
    fs.closeSync(fd);
    if (stats.isFile()) return ok({ kind: 'file', file: resolve(path), size: stats.size });
    return unreadable(path, Object.assign(new Error(), { code: 'EISDIR', syscall: 'read' }));
  } catch (error) {
    return unreadable(path, openError(error));
  }
}

/** Returns a stream over the descriptor of a pipe or a device, which is in non-blocking mode. */
function streamOf(path: string, fd: number, stats: fs.Stats): Readable {
  if (isatty(fd)) return new ReadStream(fd);
  if (stats.isFIFO()) return new net.Socket({ fd, readable: true, writable: false });
  return fs.createReadStream(path, { fd });
}
