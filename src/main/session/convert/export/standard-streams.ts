import { readSync, writeSync } from 'node:fs';
import { notRegularHint } from '#files/regular-file.ts';
import type { Failure } from '#shared/failure.ts';

/** Paths that stand for the standard streams of this process on every system: files, pipes or sockets. */
export const standardInput = '/dev/stdin';
export const standardOutput = '/dev/stdout';
export const standardInputFd = 0;
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
export function readSome(fd: number, into: Uint8Array): number {
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
