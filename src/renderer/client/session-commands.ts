import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { ExportOptions, SaveFormat } from '#shared/export/export-formats.ts';
import type { SocketEvent, SocketEventKind } from '#shared/socket/event.ts';
import { recordingOf } from './live-store.ts';
import { endFailures, endJob, putJob, showDone, showFailure } from './notices-store.ts';
import { suggestedName } from './save-formats.ts';
import type { Services } from './services.ts';
import { activeTab } from './tabs-store.ts';

/** Returns the session that the active tab shows: an opened one, or the one being recorded. */
export function currentSession({ tabs, live }: Services): SessionView | undefined {
  const tab = activeTab(tabs.getState());
  const state = live.getState();
  return tab?.kind === 'session' ? state.sessions.get(tab.session) : recordingOf(state);
}

interface SaveOptions {
  readonly format: SaveFormat;
  /** The records to save; an empty scope means all. */
  readonly scope: Scope;
  /** The switches of the format that are on. */
  readonly switches?: ExportOptions;
}

/**
 * Saves a copy of a session, or of a part of it, to the file selected in the host's dialog, or as a download if the host has no
 * dialogs. Shows its progress and its result, and can be cancelled.
 */
export async function saveSession(services: Services, session: SessionView, options: SaveOptions): Promise<void> {
  const { client, notices } = services;
  const { format, scope, switches } = options;
  const name = suggestedName(session, format, scope);
  const target = await saveTarget(services, name);
  if (!target) return;
  const job = crypto.randomUUID();
  const cancel = () => void client.call('jobs.cancel', { job });
  putJob(notices, { id: job, label: `Saving ${name}`, done: 0, total: 0, unit: 'bytes', cancel });
  const saved = await client.call('sessions.save', {
    session: session.id,
    format,
    target: target.target,
    job,
    scope,
    ...switches,
  });
  endJob(notices, job);
  if (!saved.ok) {
    if (saved.error.code !== 'cancelled') showFailure(notices, saved.error, 'save');
    else showDone(notices, 'Saving cancelled', 'No file was written.');
    return;
  }
  endFailures(notices, 'save');
  if (target.url !== undefined) download(target.url, name);
  const count = `${saved.value.records.toLocaleString('en')} ${saved.value.records === 1 ? 'record' : 'records'}`;
  showDone(notices, `Saved ${count} as ${name}`, target.url === undefined ? saved.value.path : '');
}

async function saveTarget(
  { client, notices }: Services,
  suggestedName: string,
): Promise<{ target: string; url?: string } | undefined> {
  const chosen = await client.call('dialogs.save', { title: 'Save session', suggestedName });
  if (chosen.ok) return chosen.value.target === null ? undefined : { target: chosen.value.target };
  if (chosen.error.code !== 'unsupported') {
    showFailure(notices, chosen.error);
    return undefined;
  }
  const prepared = await client.call('downloads.prepare', { suggestedName });
  if (prepared.ok) return prepared.value;
  showFailure(notices, prepared.error);
  return undefined;
}

function download(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Returns the first event of `kind` of a socket in a session, if any. */
export async function eventOf(
  services: Services,
  session: string,
  socket: number,
  kind: SocketEventKind,
): Promise<SocketEvent | undefined> {
  const [first] = await eventsOf(services, session, socket, kind, 1);
  return first;
}

/** Returns the first events of `kind` of a socket in a session, up to `limit`. */
export async function eventsOf(
  { client }: Services,
  session: string,
  socket: number,
  kind: SocketEventKind,
  limit: number,
): Promise<SocketEvent[]> {
  const find = `socket == ${socket} && kind == ${kind}`;
  const events: SocketEvent[] = [];
  for (let from = -1; events.length < limit; ) {
    const job = crypto.randomUUID();
    const found = await client.call('sessions.find', { session, find, from, backward: false, job });
    if (!found.ok || found.value.found === null || found.value.found.seq <= from) break;
    from = found.value.found.seq;
    const rows = await client.call('sessions.window', { session, first: from, count: 1 });
    const event = rows.ok ? rows.value.rows[0]?.event : undefined;
    if (event === undefined) break;
    events.push(event);
  }
  return events;
}
