import { setImmediate } from 'node:timers/promises';
import type { ReaderTask } from '../task.ts';

/** How long work goes on before it lets other questions be answered. */
const sliceMs = 8;
const progressEveryMs = 100;

/** How far work has come; both in the same unit. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * Runs `work` to its end, or gives `undefined` where it was cancelled. Each `yield` is a place to pause or to stop:
 * they should be a few milliseconds apart at most. Progress is told ten times a second.
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
