import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a fast sender sends: the bytes of one write, how many of them, and the length of a line in them (0: none). */
export interface Load {
  readonly size: number;
  readonly count: number;
  readonly line: number;
}

/** Sends `load` to `port` of this machine from a process of its own, as fast as it is taken; resolves when it is. */
export async function sendAll(port: number, { size, count, line }: Load): Promise<void> {
  const args = Object.entries({ port, size, count, line }).flatMap(([key, value]) => [`--${key}`, `${value}`]);
  await once(fork(new URL('./subjects/sender.ts', import.meta.url), args), 'exit');
}

/** Sends `rate` lines of 64 bytes a second to `port` until it is disconnected from. */
export function startPacedSender(port: number, rate: number): ChildProcess {
  return fork(new URL('./subjects/paced-sender.ts', import.meta.url), ['--port', `${port}`, '--rate', `${rate}`]);
}
