import { setImmediate } from 'node:timers/promises';
import type { ReaderTask } from './task.ts';

/** How long work runs before other questions are answered. */
const sliceMs = 8;
const progressEveryMs = 100;

/** The progress of work; both in the same unit. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * Runs `work` to its end, or returns `undefined` if it was cancelled. Each `yield` is a place to pause or to stop:
 * they should be at most a few milliseconds apart. Reports progress ten times a second.
 */
export async function inSlices<T>(work: Generator<Progress, T>, task: ReaderTask): Promise<T | undefined> {
  let reportedAt = performance.now();
  let sliceEnd = reportedAt + sliceMs;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return task.isCancelled() ? undefined : step.value;
    const now = performance.now();
    if (now < sliceEnd) continue;
    if (now - reportedAt >= progressEveryMs) {
      reportedAt = now;
      task.onProgress(step.value);
    }
    await setImmediate();
    if (task.isCancelled()) return undefined;
    sliceEnd = performance.now() + sliceMs;
  }
}
