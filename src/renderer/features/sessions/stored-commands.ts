import { referenceName } from '#shared/contract/file-reference.ts';
import type { SessionView, StoredSession } from '#shared/contract/models.ts';
import { type Failure, fail, type Result } from '#shared/failure.ts';
import { applyEvent, isEnded, type LiveState, recordingOf } from '../../bridge/live-store.ts';
import { type RenameTarget, showDialog } from '../../state/dialogs.ts';
import { applyEndpointView, closeTab, isOpenState } from '../../state/endpoint-commands.ts';
import { endJob, putJob, showDone, showFailure, showOffer } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';
import { openSessionFile } from '../../state/sessions.ts';
import { setLayout } from '../../state/settings.ts';
import { refreshStored } from '../../state/stored.ts';

/** Returns the open session of a stored file, if any. */
function openAt({ live }: Services, path: string): SessionView | undefined {
  return [...live.getState().sessions.values()].find((session) => session.path === path);
}

function applySessionView({ live }: Services, view: SessionView): void {
  live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [view], removed: [] }));
}

/** Renames an open session. The name is stored in its file. */
async function renameSession(services: Services, session: string, name: string): Promise<Result<SessionView>> {
  const renamed = await services.client.call('sessions.rename', { session, name });
  if (renamed.ok) applySessionView(services, renamed.value);
  return renamed;
}

/** Renames a session. Opens a stored session for this, and closes it again. */
export async function renameStored(
  services: Services,
  { path, reference }: RenameTarget,
  name: string,
): Promise<Result<unknown>> {
  const { client } = services;
  const known = openAt(services, path);
  if (known) return renameSession(services, known.id, name);
  if (reference === undefined)
    return fail('not-found', 'Could not rename the session: it is no longer open', { hint: 'Open it again.' });
  const opened = await client.call('sessions.open', { file: reference });
  if (!opened.ok) return opened;
  const renamed = await client.call('sessions.rename', { session: opened.value.id, name });
  await client.call('sessions.close', { session: opened.value.id });
  await refreshStored(services);
  return renamed;
}

/** Deletes the file of a stored session and closes its tab. Cannot be undone: the caller has asked the user. */
export async function deleteStored(services: Services, { path, reference, name }: StoredSession): Promise<void> {
  const { client, notices, tabs } = services;
  const known = openAt(services, path);
  if (known) {
    const tab = tabs.getState().tabs.find((other) => other.kind === 'session' && other.session === known.id);
    if (tab) await closeTab(services, tab.id);
    else await client.call('sessions.close', { session: known.id });
  }
  const deleted = await client.call('sessions.delete', { stored: reference });
  if (deleted.ok) showDone(notices, `Deleted “${name}”`);
  else showFailure(notices, deleted.error);
  await refreshStored(services);
}

/** Retries a failed recording. Returns the failure if it fails again. */
export async function retryRecording(services: Services): Promise<Failure | undefined> {
  const { client, live, notices } = services;
  const session = recordingOf(live.getState());
  if (!session) return undefined;
  const retried = await client.call('sessions.retry', { session: session.id });
  if (!retried.ok) return retried.error;
  applySessionView(services, retried.value);
  if (retried.value.state === 'failed') return retried.value.error;
  showDone(notices, 'Recording resumed', retried.value.path);
  return undefined;
}

/** Lets the user select a different file to record to; a host without dialogs offers folders. */
export async function selectRecordingPlace(services: Services): Promise<void> {
  const { client, dialogs, live, notices } = services;
  const session = recordingOf(live.getState());
  if (!session) return;
  const name = referenceName(session.path);
  const chosen = await client.call('dialogs.save', { title: 'Record to a different file', suggestedName: name });
  if (!chosen.ok) {
    if (chosen.error.code === 'unsupported') showDialog(dialogs, { kind: 'recording-place' });
    else showFailure(notices, chosen.error);
  } else if (chosen.value.target !== null) {
    const moved = await moveRecording(services, chosen.value.target);
    if (!moved.ok && moved.error.code !== 'cancelled') showFailure(notices, moved.error);
  }
}

/** Moves the recording to `target` with all its records. Shows its progress, and can be cancelled. */
export async function moveRecording(services: Services, target: string): Promise<Result<SessionView | undefined>> {
  const { client, live, notices } = services;
  const session = recordingOf(live.getState());
  if (!session) return { ok: true, value: undefined };
  const job = crypto.randomUUID();
  const cancel = () => void client.call('jobs.cancel', { job });
  putJob(notices, { id: job, label: `Moving ${session.name}`, done: 0, total: 0, unit: 'bytes', cancel });
  const moved = await client.call('sessions.move', { session: session.id, target, job });
  endJob(notices, job);
  if (moved.ok) {
    applySessionView(services, moved.value);
    if (moved.value.state === 'recording') showDone(notices, 'Recording moved', moved.value.path);
  }
  return moved;
}

/** What must be closed before another session starts. */
interface OpenParts {
  readonly endpoints: readonly string[];
  /** Connections, including those of a stopped server. */
  readonly connections: readonly number[];
}

export function openParts({ endpoints, sockets }: Pick<LiveState, 'endpoints' | 'sockets'>): OpenParts {
  return {
    endpoints: [...endpoints.values()].filter(isOpenState).map(({ id }) => id),
    connections: [...sockets.values()]
      .filter((socket) => socket.role !== 'listener' && !isEnded(socket))
      .map(({ id }) => id),
  };
}

/** Starts a new session. Asks first if that closes something. */
export async function askNewSession(services: Services): Promise<void> {
  const { endpoints, connections } = openParts(services.live.getState());
  if (endpoints.length + connections.length === 0) await newSession(services);
  else showDialog(services.dialogs, { kind: 'new-session' });
}

/** Closes all endpoints, ends the session that is being recorded and starts a new one. */
export async function newSession(services: Services): Promise<void> {
  const { client, live, notices } = services;
  const before = recordingOf(live.getState());
  // Also stopped servers: closing them closes their remaining connections.
  for (const id of live.getState().endpoints.keys()) {
    const closed = await client.call('endpoints.close', { id });
    if (closed.ok) applyEndpointView(services, closed.value);
  }
  const begun = await client.call('sessions.begin', {});
  if (!begun.ok) {
    showFailure(notices, begun.error);
    return;
  }
  const { value } = begun;
  const removed = before === undefined ? [] : [before.id];
  live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [value], removed }));
  const isKept = before !== undefined && before.total > 0;
  showDone(notices, 'New session started', isKept ? `“${before.name}” is listed under Recent sessions.` : value.path);
  await refreshStored(services);
}

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
