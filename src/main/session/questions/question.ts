import type { Result } from '#shared/failure.ts';
import { cancelled } from '../file-failure.ts';
import type { ReaderJob } from '../job.ts';
import { inSlices, type Progress } from '../reading/slices.ts';
import type { AskedSession } from './asked-session.ts';

/**
 * Answers one kind of question in the reader thread, after the session's present content was walked. Throws what `node:fs`
 * throws. Imports code that takes long to load only when the question is asked, so that opening a session does not wait for it.
 */
export type Question<Input, Output> = (
  input: Input,
  session: AskedSession,
  job: ReaderJob,
) => Result<Output> | Promise<Result<Output>>;

/** Runs `work` between other questions, to its end or until it is cancelled; `what` names it in the failure. */
export async function sliced<T>(
  what: string,
  work: Generator<Progress, Result<T>>,
  job: ReaderJob,
): Promise<Result<T>> {
  return (await inSlices(work, job)) ?? { ok: false, error: cancelled(what) };
}
