import { referenceName } from '#shared/contract/file-reference.ts';
import { compressedExtension, importFormats } from '#shared/export/import-formats.ts';
import { applyEvent } from './live-store.ts';
import { endFailures, endJob, putJob, showDone, showFailure } from './notices-store.ts';
import { pickFile } from './pick-file.ts';
import type { Services } from './services.ts';
import { nextTabId, withTab } from './tabs-store.ts';

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

/** Shows the tab of an opened session. Opens one if needed. */
export function showSession({ tabs }: Services, session: string): void {
  tabs.setState((state) => {
    const existing = state.tabs.find((tab) => tab.kind === 'session' && tab.session === session);
    if (existing) return { ...state, active: existing.id };
    return withTab(state, { kind: 'session', id: nextTabId(), session }, { replaceStart: true });
  });
}
