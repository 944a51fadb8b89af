import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';
import type { SocketEvent, SocketEventKind } from '#shared/socket/event.ts';
import { recordingOf } from './live-store.ts';
import { endFailures, endTask, putTask, showDone, showFailure } from './notices-store.ts';
import { suggestedName } from './save-formats.ts';
import type { Services } from './services.ts';
import { activeTab } from './tabs-store.ts';

/** The session that the active tab shows: an opened one, or what is being recorded. */
export function currentSession({ tabs, live }: Services): SessionView | undefined {
  const tab = activeTab(tabs.getState());
  const state = live.getState();
  return tab?.kind === 'session' ? state.sessions.get(tab.session) : recordingOf(state);
}

interface SaveWish {
  readonly format: SaveFormat;
  /** Which records; all with an empty one. */
  readonly scope: Scope;
  /** Of CSV: cells that a spreadsheet would run as formulas stay as they are. */
  readonly keepFormulas?: boolean;
}

/**
 * Saves a copy of a session, or of a part of it: where the host's dialog says, or as a download where the host has no dialogs. Progress is
 * a task that can be cancelled; the end is a notice.
 */
export async function saveSession(services: Services, session: SessionView, wish: SaveWish): Promise<void> {
  const { client, notices } = services;
  const { format, scope, keepFormulas } = wish;
  const name = suggestedName(session, format, scope);
  const target = await saveTarget(services, name);
  if (!target) return;
  const task = crypto.randomUUID();
  const cancel = () => void client.call('tasks.cancel', { task });
  putTask(notices, { id: task, label: `Saving ${name}`, done: 0, total: 0, unit: 'bytes', cancel });
  const saved = await client.call('sessions.save', {
    session: session.id,
    format,
    target: target.target,
    task,
    scope,
    ...(keepFormulas ? { keepFormulas } : undefined),
  });
  endTask(notices, task);
  if (!saved.ok) {
    if (saved.error.code !== 'cancelled') showFailure(notices, saved.error, 'save');
    else showDone(notices, 'Saving was cancelled', 'No file was written.');
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

/** The first event of `kind` that a session has of a socket; `undefined` where there is none. */
export async function eventOf(
  services: Services,
  session: string,
  socket: number,
  kind: SocketEventKind,
): Promise<SocketEvent | undefined> {
  const [first] = await eventsOf(services, session, socket, kind, 1);
  return first;
}

/** Returns the first events of `kind` that a session has of a socket, `most` at most. */
export async function eventsOf(
  { client }: Services,
  session: string,
  socket: number,
  kind: SocketEventKind,
  most: number,
): Promise<SocketEvent[]> {
  const find = `socket == ${socket} && kind == ${kind}`;
  const events: SocketEvent[] = [];
  for (let from = -1; events.length < most; ) {
    const task = crypto.randomUUID();
    const found = await client.call('sessions.find', { session, find, from, backward: false, task });
    if (!found.ok || found.value.found === null || found.value.found.seq <= from) break;
    from = found.value.found.seq;
    const rows = await client.call('sessions.window', { session, first: from, count: 1 });
    const event = rows.ok ? rows.value.rows[0]?.event : undefined;
    if (event === undefined) break;
    events.push(event);
  }
  return events;
}
