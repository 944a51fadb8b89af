import type { Result } from '#shared/failure.ts';
import { cancelled } from '../file-failure.ts';
import { inSlices, type Progress } from '../reading/slices.ts';
import type { ReaderTask } from '../task.ts';
import type { AskedSession } from './asked-session.ts';

/**
 * Answers one kind of question in the reader thread; what the session has now has been walked. What `node:fs` throws comes
 * through. Code that takes long to load is imported when the question is asked: opening a session waits for none of it.
 */
export type Question<Input, Output> = (
  input: Input,
  session: AskedSession,
  task: ReaderTask,
) => Result<Output> | Promise<Result<Output>>;

/** Runs `work` between other questions, to its end or until it is cancelled: then `what` is said to have been. */
export async function sliced<T>(
  what: string,
  work: Generator<Progress, Result<T>>,
  task: ReaderTask,
): Promise<Result<T>> {
  return (await inSlices(work, task)) ?? { ok: false, error: cancelled(what) };
}
