import { fail } from '#shared/contract/failure.ts';
import { applyEvent } from './live-store.ts';
import { endTask, progressTask, putTask, showDone, showFailure } from './notices-store.ts';
import type { Services } from './services.ts';
import { nextTabId, withTab } from './tabs-store.ts';

/** The endings of what can be opened: sessions, and captures and JSON lines, which become sessions. */
const endings = ['.wirebench', '.pcapng', '.pcap', '.cap', '.jsonl', '.ndjson'] as const;

/** Lets the user choose a session, a capture or JSON lines and opens it read-only in a tab of its own. */
export async function openSession(services: Services): Promise<void> {
  const { client, notices } = services;
  const chosen = await client.call('dialogs.open', { title: 'Open session or capture' });
  if (chosen.ok) {
    if (chosen.value.path !== null) await openSessionFile(services, chosen.value.path);
    return;
  }
  if (chosen.error.code !== 'unsupported' || !services.upload) {
    showFailure(notices, chosen.error);
    return;
  }
  const file = await pickFile();
  if (file) await uploadAndOpen(services, file);
}

/** Opens the file at `path`, which the engine can read. A long import shows how far it is, and can be cancelled. */
export async function openSessionFile(services: Services, path: string): Promise<void> {
  const { client, notices } = services;
  const task = crypto.randomUUID();
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const cancel = () => void client.call('tasks.cancel', { task });
  // Shown where it takes long enough to be read.
  const timer = setTimeout(
    () => putTask(notices, { id: task, label: `Opening ${name}`, done: 0, total: 0, unit: 'bytes', cancel }),
    300,
  );
  const opened = await client.call('sessions.open', { path, task });
  clearTimeout(timer);
  endTask(notices, task);
  if (!opened.ok) {
    if (opened.error.code === 'cancelled') showDone(notices, `Opening ${name} was cancelled`);
    else showFailure(notices, opened.error);
    return;
  }
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

async function uploadAndOpen(services: Services, file: File): Promise<void> {
  const { notices, upload } = services;
  if (!upload) return showFailure(notices, fail('unsupported', 'This host takes no files').error);
  const task = crypto.randomUUID();
  const ending = new AbortController();
  putTask(notices, {
    id: task,
    label: `Reading ${file.name}`,
    done: 0,
    total: file.size,
    unit: 'bytes',
    cancel: () => ending.abort(),
  });
  const progress = (share: number) => progressTask(notices, task, Math.round(share * file.size), file.size);
  const uploaded = await upload(file, progress, ending.signal);
  endTask(notices, task);
  if (uploaded.ok) await openSessionFile(services, uploaded.value.path);
  else if (uploaded.error.code === 'cancelled') showDone(notices, `Opening ${file.name} was cancelled`);
  else showFailure(notices, uploaded.error);
}

/** The browser's own file dialog; `undefined` where the user chooses none. */
function pickFile(): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = [...endings, 'application/octet-stream'].join(',');
    input.onchange = () => resolve(input.files?.[0]);
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}
