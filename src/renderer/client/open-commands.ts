import { referenceName } from '#shared/contract/file-reference.ts';
import { compressedExtension, importFormats } from '#shared/export/import-formats.ts';
import { applyEvent } from './live-store.ts';
import { endFailures, endTask, putTask, showDone, showFailure } from './notices-store.ts';
import { pickFile } from './pick-file.ts';
import type { Services } from './services.ts';
import { nextTabId, withTab } from './tabs-store.ts';

/** The endings of what can be opened: sessions, and captures and JSON lines, which become sessions. */
const endings = ['wirebench', ...importFormats.flatMap(({ extensions }) => extensions), compressedExtension].map(
  (extension) => `.${extension}`,
);

/** Lets the user choose a session, a capture or JSON lines and opens it read-only in a tab of its own. */
export async function openSession(services: Services): Promise<void> {
  const file = await pickFile(services, 'Open session or capture', endings);
  if (file) await openSessionFile(services, file.handle);
}

/** Opens a file that was chosen, or a stored session, by its reference. A long import shows how far it is, and can be cancelled. */
export async function openSessionFile(services: Services, file: string): Promise<void> {
  const { client, notices } = services;
  const task = crypto.randomUUID();
  const name = referenceName(file);
  const cancel = () => void client.call('tasks.cancel', { task });
  // Shown where it takes long enough to be read.
  const timer = setTimeout(
    () => putTask(notices, { id: task, label: `Opening ${name}`, done: 0, total: 0, unit: 'bytes', cancel }),
    300,
  );
  const opened = await client.call('sessions.open', { file, task });
  clearTimeout(timer);
  endTask(notices, task);
  if (!opened.ok) {
    if (opened.error.code === 'cancelled') showDone(notices, `Opening ${name} was cancelled`);
    else showFailure(notices, opened.error, 'open');
    return;
  }
  endFailures(notices, 'open');
  const view = opened.value;
  services.live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [view], removed: [] }));
  if (view.state === 'read-only') showSession(services, view.id);
  else showDone(notices, `“${view.name}” is being recorded now`, 'Its records are in the tabs of servers and clients.');
}

/** Shows the tab of an opened session, a new one if there is none. */
export function showSession({ tabs }: Services, session: string): void {
  tabs.setState((state) => {
    const existing = state.tabs.find((tab) => tab.kind === 'session' && tab.session === session);
    if (existing) return { ...state, active: existing.id };
    return withTab(state, { kind: 'session', id: nextTabId(), session }, { replaceStart: true });
  });
}
