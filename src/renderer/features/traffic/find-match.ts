import { endJob, putJob, showDone, showFailure } from '../../client/notices-store.ts';
import type { Services } from '../../client/services.ts';
import { strings } from './strings.ts';
import type { TrafficView } from './traffic-view.ts';

/** A search that takes longer shows its progress and a Cancel button. */
const patienceMs = 300;

/** Selects the next or previous record that matches `find` among those that `view` shows. Wraps at either end. */
export async function findMatch(
  services: Pick<Services, 'client' | 'notices'>,
  view: TrafficView,
  find: string,
  backward: boolean,
): Promise<void> {
  const { client, notices } = services;
  const { selected, total } = view.store.getState();
  const job = crypto.randomUUID();
  const cancel = () => void client.call('jobs.cancel', { job });
  const timer = setTimeout(
    () =>
      putJob(notices, {
        id: job,
        label: strings.find.searching(find),
        done: 0,
        total,
        unit: strings.find.unit,
        cancel,
      }),
    patienceMs,
  );
  const ask = (from: number) =>
    client.call('sessions.find', { session: view.session, find, query: view.query, from, backward, job });
  const start = backward ? total : -1;
  const from = selected < 0 ? start : selected;
  let answer = await ask(from);
  const isPast = answer.ok && answer.value.found === null && from !== start;
  if (isPast) answer = await ask(start);
  clearTimeout(timer);
  endJob(notices, job);
  if (!answer.ok) {
    if (answer.error.code !== 'cancelled') showFailure(notices, answer.error);
    return;
  }
  const { found } = answer.value;
  if (!found) {
    showDone(notices, strings.noMatches, find);
    return;
  }
  const { wrappedToFirst, wrappedToLast } = strings.find;
  if (isPast) showDone(notices, backward ? wrappedToLast(found.seq) : wrappedToFirst(found.seq));
  await view.selectRecord(found.seq);
}
