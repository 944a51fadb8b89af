import type { StoredSession } from '#shared/contract/models.ts';
import { showOffer } from './notices-store.ts';
import { openSessionFile } from './open-commands.ts';
import type { Services } from './services.ts';
import { setLayout } from './settings-store.ts';
import { refreshStored } from './stored-store.ts';

/** Setting: crashed sessions changed until this time (ms since the epoch) have been offered. */
const seenKey = 'sessions.offered';
/** Delays the offer so that it does not slow down the start. */
const delayMs = 400;

/** Returns the notice about sessions left by a crash; `undefined` if all of them have been offered before. */
export function crashOffer(
  sessions: readonly StoredSession[],
  seenAt: number,
): { readonly newest: StoredSession; readonly text: string; readonly detail: string } | undefined {
  const crashed = sessions.filter(({ state, changedAt }) => state === 'crashed' && changedAt > seenAt);
  const newest = crashed.reduce<StoredSession | undefined>(
    (best, one) => (best && best.changedAt >= one.changedAt ? best : one),
    undefined,
  );
  if (!newest) return undefined;
  const { name, records = 0 } = newest;
  const others = crashed.length - 1;
  const more = others === 0 ? '' : ` ${others === 1 ? 'Another is' : `${others} others are`} listed on the start page.`;
  return {
    newest,
    text: 'Wirebench did not shut down cleanly',
    detail: `The session “${name}” was recovered with ${records.toLocaleString('en')} ${records === 1 ? 'record' : 'records'}.${more}`,
  };
}

/** Offers to open the session of a run that crashed, once. Returns a function that cancels the offer. */
export function offerRecovered(services: Services): () => void {
  const { live, settings, stored, notices } = services;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const offer = async () => {
    await refreshStored(services);
    const seen = settings.getState().layout[seenKey];
    const found = crashOffer(stored.getState().sessions, typeof seen === 'number' ? seen : 0);
    if (!found) return;
    setLayout(settings, seenKey, found.newest.changedAt);
    const open = () => void openSessionFile(services, found.newest.reference);
    showOffer(notices, { text: found.text, detail: found.detail, label: 'Open session', run: open });
  };
  const begin = () => {
    if (!live.getState().ready || !settings.getState().loaded) return;
    for (const stop of stops) stop();
    timer = setTimeout(() => void offer(), delayMs);
  };
  const stops = [live.subscribe(begin), settings.subscribe(begin)];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
