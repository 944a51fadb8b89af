import type { Result } from '#shared/failure.ts';
import { cancelled } from '../format/file-failure.ts';
import { inSlices, type Progress } from '../slices.ts';
import type { ReaderTask } from '../task.ts';
import type { AskedSession } from './asked-session.ts';

/**
 * Answers one kind of question in the reader thread, after the session's present content was walked. Throws what `node:fs`
 * throws. Imports code that takes long to load only when the question is asked, so that opening a session does not wait for it.
 */
export type Question<Input, Output> = (
  input: Input,
  session: AskedSession,
  task: ReaderTask,
) => Result<Output> | Promise<Result<Output>>;

/** Runs `work` between other questions, to its end or until it is cancelled; `what` names it in the failure. */
export async function sliced<T>(
  what: string,
  work: Generator<Progress, Result<T>>,
  task: ReaderTask,
): Promise<Result<T>> {
  return (await inSlices(work, task)) ?? { ok: false, error: cancelled(what) };
}
