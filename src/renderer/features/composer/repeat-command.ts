import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import type { Failure } from '#shared/failure.ts';
import type { LiveState } from '../../bridge/live-store.ts';
import { changeDraft, draftOf } from '../../state/drafts.ts';
import { showFailure } from '../../state/notices.ts';
import { readRepeat } from '../../state/repeat-form.ts';
import type { Services } from '../../state/services.ts';
import { errorOf, isChecked, prepareSend } from './send-command.ts';

/** Returns the repeated send of an endpoint: the one that runs, or else the last one that has ended. */
export function repeatOf({ jobs }: Pick<LiveState, 'jobs'>, endpoint: string | undefined): JobView | undefined {
  const own = [...jobs.values()].filter((job) => job.kind === 'repeat' && job.endpoint === endpoint);
  return own.find(({ state }) => state === 'running') ?? own.at(-1);
}

/**
 * Starts sending the draft of a tab repeatedly to its targets. An invalid draft is sent only with `anyway`. The engine sends,
 * so that the job continues without the page.
 */
export async function startRepeat(services: Services, tabId: string, options: { anyway: boolean }): Promise<void> {
  const { client, drafts } = services;
  const refuse = (failure: Failure) =>
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure } });
  const draft = draftOf(drafts.getState(), tabId);
  const read = readRepeat(draft.repeat);
  if (!read.ok) return;
  const prepared = prepareSend(services, tabId, draft, isChecked(draft, options) ? await errorOf(draft) : undefined);
  if (!prepared) return;
  if (!prepared.ok) return refuse(prepared.error);
  changeDraft(drafts, tabId, { outcome: undefined });
  const started = await client.call('jobs.start', { kind: 'repeat', ...prepared.value, ...read.timing });
  if (!started.ok) refuse(started.error);
}

/** Stops a job immediately. */
export async function stopJob({ client, notices }: Pick<Services, 'client' | 'notices'>, job: string): Promise<void> {
  const answer = await client.call('jobs.cancel', { job });
  if (!answer.ok) showFailure(notices, answer.error);
}

/** Removes an ended job, with its result, from the list. */
export async function clearJob({ client, notices }: Pick<Services, 'client' | 'notices'>, job: string): Promise<void> {
  const answer = await client.call('jobs.clear', { job });
  if (!answer.ok) showFailure(notices, answer.error);
}
