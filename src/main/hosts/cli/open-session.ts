import { resolve } from 'node:path';
import type { Session } from '#session/session.ts';
import { openSessionLog } from '#session/session-log.ts';
import type { Failure } from '#shared/contract/failure.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';
import { note, reportFailure } from './report.ts';

/**
 * Opens the session in `file`, runs `job` with it and closes it; gives the exit code. Says where the file did not end
 * well, which does not keep what it holds from being read.
 */
export async function withSession(file: string, job: (session: Session) => Promise<number>): Promise<number> {
  const opened = await openSessionLog(resolve(file));
  if (!opened.ok) {
    reportFailure(opened.error);
    return exitCodes.failed;
  }
  const session = opened.value;
  try {
    if (session.notice !== '') note(session.notice);
    return await job(session);
  } finally {
    await session.close();
  }
}

/** Brings what was printed to its reader and says what failed, if anything; gives the exit code. */
export async function finishOutput(output: Output, failure?: Failure): Promise<number> {
  await output.finish();
  const error = failure ?? output.failure;
  if (!error) return exitCodes.done;
  reportFailure(error);
  return exitCodes.failed;
}
