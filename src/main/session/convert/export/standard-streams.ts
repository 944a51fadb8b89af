import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { notRegularHint, openFileSync } from '#files/regular-file.ts';
import type { Failure } from '#shared/failure.ts';

/** Paths that stand for the standard streams of this process on every system: files, pipes or sockets. */
export const standardInput = '/dev/stdin';
export const standardOutput = '/dev/stdout';
const standardInputFd = 0;
export const standardOutputFd = 1;

/** Fails where `path` stands for a standard stream: those belong to the command line, and in a host they may block a thread indefinitely. */
export function refuseStandardStream(path: string): Failure | undefined {
  if (path !== standardInput && path !== standardOutput) return undefined;
  return {
    code: 'file',
    message: `Could not open “${path}”`,
    system: 'it is a standard stream of this process, not a regular file',
    hint: notRegularHint,
  };
}

/** How long the thread sleeps where a pipe is full or empty: Node opens its own without blocking. */
const pauseMs = 1;
const asleep = new Int32Array(new SharedArrayBuffer(4));

/** Writes all of `bytes`; where the reader is slow, this thread waits for it. Throws what `node:fs` throws. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += patiently(() => writeSync(fd, bytes, done));
}

/** Fills the start of `into`; gives with how many bytes, 0 at the end. Waits where there is nothing yet. */
function readSome(fd: number, into: Uint8Array): number {
  return patiently(() => readSync(fd, into, 0, into.length, null));
}

function patiently(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      // Windows reports the end of a pipe with this code.
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(asleep, 0, 0, pauseMs);
    }
  }
}

/** A regular file or `standardInput`, read from its start to its end. What `openFileSync` throws comes through. */
export class SourceFile {
  /** Bytes of the file; 0 where that is not known, of a pipe at the standard input say. */
  readonly size: number;
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = path === standardInput ? standardInputFd : openFileSync(path);
    const stat = fstatSync(this.#fd);
    this.size = stat.isFile() ? stat.size : 0;
  }

  /** Fills the start of `into`; gives with how many bytes, 0 at the end. */
  read(into: Uint8Array): number {
    return readSome(this.#fd, into);
  }

  close(): void {
    if (this.#fd !== standardInputFd) closeSync(this.#fd);
  }
}

/** What a file is called without its folder and its ending, of a compressed one (`.pcap.gz`) without both. */
export function sourceName(path: string): string {
  const name = basename(path, '.gz');
  return basename(name, extname(name));
}
