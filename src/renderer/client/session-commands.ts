import { fail } from '#shared/contract/failure.ts';
import type { SaveFormat, SessionView } from '#shared/contract/models.ts';
import { applyEvent, recordingOf } from './live-store.ts';
import { endTask, progressTask, putTask, showDone, showFailure } from './notices-store.ts';
import type { Services } from './services.ts';
import { activeTab, nextTabId, withTab } from './tabs-store.ts';

const extensions: Readonly<Record<SaveFormat, string>> = {
  wirebench: 'wirebench',
  jsonl: 'jsonl',
  csv: 'csv',
  text: 'txt',
  html: 'html',
  raw: 'bin',
  pcapng: 'pcapng',
  sqlite: 'sqlite',
  parquet: 'parquet',
};

/** The session that the active tab shows: an opened one, or what is being recorded. */
export function currentSession({ tabs, live }: Services): SessionView | undefined {
  const tab = activeTab(tabs.getState());
  const state = live.getState();
  return tab?.kind === 'session' ? state.sessions.get(tab.session) : recordingOf(state);
}

export function suggestedName(session: SessionView, format: SaveFormat): string {
  return `${session.name.replace(/\.wirebench$/, '').replace(/[/\\:*?"<>|]/g, '-') || 'session'}.${extensions[format]}`;
}

/**
 * Saves a copy of a session: where the host's dialog says, or as a download where the host has no dialogs. Progress is
 * a task that can be cancelled; the end is a notice.
 */
export async function saveSession(services: Services, session: SessionView, format: SaveFormat): Promise<void> {
  const { client, notices } = services;
  const name = suggestedName(session, format);
  const target = await saveTarget(services, name);
  if (!target) return;
  const task = crypto.randomUUID();
  const cancel = () => void client.call('tasks.cancel', { task });
  putTask(notices, { id: task, label: `Saving ${name}`, done: 0, total: session.total, unit: 'records', cancel });
  const saved = await client.call('sessions.save', { session: session.id, format, path: target.path, task });
  endTask(notices, task);
  if (!saved.ok) {
    if (saved.error.code !== 'cancelled') showFailure(notices, saved.error);
    else showDone(notices, 'Saving was cancelled', 'No file was written.');
    return;
  }
  if (target.url !== undefined) download(target.url, name);
  const count = `${saved.value.records.toLocaleString('en')} ${saved.value.records === 1 ? 'record' : 'records'}`;
  showDone(notices, `Saved ${count} as ${name}`, target.url === undefined ? saved.value.path : '');
}

async function saveTarget(
  { client, notices }: Services,
  suggestedName: string,
): Promise<{ path: string; url?: string } | undefined> {
  const chosen = await client.call('dialogs.save', { title: 'Save session', suggestedName });
  if (chosen.ok) return chosen.value.path === null ? undefined : { path: chosen.value.path };
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

/** Lets the user choose a session file and opens it read-only in a tab of its own. */
export async function openSession(services: Services): Promise<void> {
  const { client, notices } = services;
  const chosen = await client.call('dialogs.open', { title: 'Open session' });
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

/** Opens the session file at `path`, which the engine can read. */
export async function openSessionFile(services: Services, path: string): Promise<void> {
  const opened = await services.client.call('sessions.open', { path });
  if (!opened.ok) {
    showFailure(services.notices, opened.error);
    return;
  }
  services.live.setState((state) => applyEvent(state, { kind: 'sessions', changed: [opened.value], removed: [] }));
  showSession(services, opened.value.id);
}

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
  putTask(notices, {
    id: task,
    label: `Reading ${file.name}`,
    done: 0,
    total: file.size,
    unit: 'bytes',
    cancel: undefined,
  });
  const uploaded = await upload(file, (share) => progressTask(notices, task, Math.round(share * file.size), file.size));
  endTask(notices, task);
  if (uploaded.ok) await openSessionFile(services, uploaded.value.path);
  else showFailure(notices, uploaded.error);
}

/** The browser's own file dialog; `undefined` where the user chooses none. */
function pickFile(): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.wirebench,application/octet-stream';
    input.onchange = () => resolve(input.files?.[0]);
    input.oncancel = () => resolve(undefined);
    input.click();
  });
}
