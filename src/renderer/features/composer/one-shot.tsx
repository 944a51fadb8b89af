import { CircleCheck, CircleSlash } from 'lucide-react';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import { type Failure, fail } from '#shared/failure.ts';
import type { LiveState } from '../../bridge/live-store.ts';
import { changeDraft, draftOf } from '../../state/drafts.ts';
import { isOpenState, keepTabEndpoint } from '../../state/endpoint-commands.ts';
import { type Services, useLive, useServices } from '../../state/services.ts';
import { endpointTabOf } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import styles from './composer.module.css';
import { contentOf, obstacleOf, stopJob } from './send-command.ts';
import { readPace } from './send-forms.ts';
import { strings } from './strings.ts';

const texts = strings.oneShot;
/** How long the answer is awaited. Milliseconds. */
const waitMs = 10_000;

/** Returns the exchange of a client: the one that runs, or else the last one that has ended. */
export function oneShotOf(
  { jobs }: Pick<LiveState, 'jobs'>,
  endpoint: string | undefined,
): JobView<'one-shot'> | undefined {
  const own = [...jobs.values()].flatMap((job) => (job.kind === 'one-shot' && job.endpoint === endpoint ? [job] : []));
  return own.find(({ state }) => state === 'running') ?? own.at(-1);
}

/** Returns true for a tab of a client that is not connected. */
export function canSendOnce({ live, tabs, drafts }: Services, tabId: string): boolean {
  const tab = endpointTabOf(tabs.getState(), tabId);
  if (tab?.form.role !== 'client' || tab.busy || draftOf(drafts.getState(), tabId).sending) return false;
  const endpoint = tab.endpoint === undefined ? undefined : live.getState().endpoints.get(tab.endpoint);
  return !isOpenState(endpoint) && oneShotOf(live.getState(), tab.endpoint)?.state !== 'running';
}

/** Connects the client of a tab, sends its draft, waits for a message and closes the connection. An invalid draft is not sent. */
export async function sendOnceAndClose(services: Services, tabId: string): Promise<void> {
  const { client, drafts } = services;
  if (!canSendOnce(services, tabId)) return;
  const refuse = (failure: Failure) =>
    changeDraft(drafts, tabId, { outcome: { sockets: 0, bytes: 0, failed: 0, failure } });
  const draft = draftOf(drafts.getState(), tabId);
  const content = contentOf(services, draft, await obstacleOf(services, tabId, draft, { anyway: false }));
  if ('error' in content) return refuse(content.error);
  const pace = readPace(draft.pace);
  if (!pace.ok) return refuse(fail('bad-input', texts.notSent, { hint: texts.paceHint }).error);
  const endpoint = await keepTabEndpoint(services, tabId);
  if (endpoint === undefined) return;
  changeDraft(drafts, tabId, { outcome: undefined });
  const started = await client.call('jobs.start', {
    kind: 'one-shot',
    endpoint,
    ...content,
    frame: draft.frame,
    ...(pace.pace && { pace: pace.pace }),
    until: { kind: 'message' },
    waitMs,
  });
  if (!started.ok) refuse(started.error);
}

interface OneShotStatusProps {
  readonly endpoint: string | undefined;
  /** Something else is shown instead of the result. */
  readonly hidesEnded: boolean;
}

/** What an exchange does, or what it has received. Its failure is shown elsewhere. */
export function OneShotStatus({ endpoint, hidesEnded }: OneShotStatusProps) {
  const services = useServices();
  const job = useLive((live) => oneShotOf(live, endpoint));
  if (!job || (hidesEnded && job.state !== 'running')) return null;
  const { state, phase, sentBytes, received, records } = job;
  if (state === 'running') {
    return (
      <span className={styles.progress}>
        <span>{texts.phases[phase]}</span>
        <Button small onClick={() => void stopJob(services, job.id)}>
          {texts.cancel}
        </Button>
      </span>
    );
  }
  const isDone = state === 'done';
  return (
    <output className={styles.sent}>
      {isDone ? <CircleCheck size={13} aria-hidden /> : <CircleSlash size={13} aria-hidden />}
      {isDone ? texts.done(sentBytes, received, records) : texts.ended(sentBytes, received)}
    </output>
  );
}
