import { referenceName } from '#shared/contract/file-reference.ts';
import type { SessionView, StoredSession } from '#shared/contract/models.ts';
import { type Failure, fail, type Result } from '#shared/failure.ts';
import { type RenameTarget, showDialog } from './dialogs-store.ts';
import { closeTab } from './endpoint-commands.ts';
import { applyEvent, recordingOf } from './live-store.ts';
import { endJob, putJob, showDone, showFailure } from './notices-store.ts';
import type { Services } from './services.ts';
import { refreshStored } from './stored-store.ts';

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
