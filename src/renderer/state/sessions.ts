import { referenceName } from '#shared/contract/file-reference.ts';
import type { ProgramView, SessionView } from '#shared/contract/models.ts';
import { compressedExtension, importFormats } from '#shared/export/import-formats.ts';
import type { SocketEvent, SocketEventKind } from '#shared/socket/event.ts';
import { applyEvent, recordingOf } from '../bridge/live-store.ts';
import { endFailures, endJob, putJob, showDone, showFailure } from './notices.ts';
import { pickFile } from './pick-file.ts';
import type { Services } from './services.ts';
import { activeTab, nextTabId, withTab } from './tabs.ts';

/** Returns the session that the active tab shows: an opened one, or the one being recorded. */
export function currentSession({ tabs, live }: Services): SessionView | undefined {
  const tab = activeTab(tabs.getState());
  const state = live.getState();
  return tab?.kind === 'session' ? state.sessions.get(tab.session) : recordingOf(state);
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

/** File name extensions of sessions, and of captures and JSON Lines, which are imported. */
const endings = ['wirebench', ...importFormats.flatMap(({ extensions }) => extensions), compressedExtension].map(
  (extension) => `.${extension}`,
);

/** Lets the user select a session, a capture or a JSON Lines file and opens it read-only in a new tab. */
export async function openSession(services: Services): Promise<void> {
  const file = await pickFile(services, 'Open session or capture', endings);
  if (file) await openSessionFile(services, file.handle);
}

/** Opens a selected file or a stored session by its reference. A long import shows its progress and can be cancelled. */
export async function openSessionFile(services: Services, file: string): Promise<void> {
  const { client, notices } = services;
  const job = crypto.randomUUID();
  const name = referenceName(file);
  const cancel = () => void client.call('jobs.cancel', { job });
  // A short import shows no progress.
  const timer = setTimeout(
    () => putJob(notices, { id: job, label: `Opening ${name}`, done: 0, total: 0, unit: 'bytes', cancel }),
    300,
  );
  const opened = await client.call('sessions.open', { file, job });
  clearTimeout(timer);
  endJob(notices, job);
  if (!opened.ok) {
    if (opened.error.code === 'cancelled') showDone(notices, `Opening ${name} cancelled`);
    else showFailure(notices, opened.error, 'open');
    return;
  }
  endFailures(notices, 'open');
  const view = opened.value;
  services.live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [view], removed: [] }));
  if (view.state === 'read-only') showSession(services, view.id);
  else
    showDone(
      notices,
      `“${view.name}” is the session being recorded`,
      'Open a server or client tab to see its records.',
    );
}

/** Shows the records of a traced program. Opens a tab if needed. */
export function showProgram({ tabs }: Pick<Services, 'tabs'>, { id, name }: Pick<ProgramView, 'id' | 'name'>): void {
  tabs.setState((state) => {
    const existing = state.tabs.find((tab) => tab.kind === 'program' && tab.program === id);
    if (existing) return { ...state, active: existing.id };
    return withTab(state, { kind: 'program', id: nextTabId(), program: id, name }, { replaceStart: true });
  });
}

/** Shows the tab of an opened session. Opens one if needed. */
export function showSession({ tabs }: Services, session: string): void {
  tabs.setState((state) => {
    const existing = state.tabs.find((tab) => tab.kind === 'session' && tab.session === session);
    if (existing) return { ...state, active: existing.id };
    return withTab(state, { kind: 'session', id: nextTabId(), session }, { replaceStart: true });
  });
}
