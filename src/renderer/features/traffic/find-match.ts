import { endTask, putTask, showDone, showFailure } from '../../client/notices-store.ts';
import type { Services } from '../../client/services.ts';
import { countText } from '../../ui/figures.ts';
import type { TrafficView } from './traffic-view.ts';

/** A search that takes longer shows its progress and can be cancelled. */
const patienceMs = 300;

/** Chooses the next record that matches `find` in what `view` shows, or the one before; begins anew behind the last. */
export async function findMatch(
  services: Pick<Services, 'client' | 'notices'>,
  view: TrafficView,
  find: string,
  backward: boolean,
): Promise<void> {
  const { client, notices } = services;
  const { selected, total } = view.store.getState();
  const task = crypto.randomUUID();
  const cancel = () => void client.call('tasks.cancel', { task });
  const timer = setTimeout(
    () => putTask(notices, { id: task, label: `Looking for ${find}`, done: 0, total, unit: 'records', cancel }),
    patienceMs,
  );
  const ask = (from: number) =>
    client.call('sessions.find', { session: view.session, find, query: view.query, from, backward, task });
  const start = backward ? total : -1;
  const from = selected < 0 ? start : selected;
  let answer = await ask(from);
  const isPast = answer.ok && answer.value.found === null && from !== start;
  if (isPast) answer = await ask(start);
  clearTimeout(timer);
  endTask(notices, task);
  if (!answer.ok) {
    if (answer.error.code !== 'cancelled') showFailure(notices, answer.error);
    return;
  }
  const { found } = answer.value;
  if (!found) {
    showDone(notices, 'Nothing matches', find);
    return;
  }
  if (isPast)
    showDone(notices, backward ? 'Went on from the end' : 'Went on from the beginning', `#${countText(found.seq)}`);
  await view.selectRecord(found.seq);
}
