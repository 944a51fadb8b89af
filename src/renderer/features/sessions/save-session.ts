import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';
import type { Scope, SessionView } from '#shared/contract/models.ts';
import { type ExportOptions, exportFormatOf, type SaveFormat } from '#shared/export/export-formats.ts';
import { endFailures, endJob, putJob, showDone, showFailure } from '../../state/notices.ts';
import type { Services } from '../../state/services.ts';

/** Returns a file name without characters that file systems reject and without invisible characters. */
export function suggestedName({ name }: SessionView, format: SaveFormat, scope: Scope = {}): string {
  const plain =
    replaceHidden(name, hidden, () => '')
      .replace(/\.wirebench$/, '')
      .replace(/[/\\:*?"<>|]/g, '-') || 'session';
  const [socket] = scope.sockets ?? [];
  const part = socket === undefined ? '' : `-socket-${socket}`;
  const way = scope.direction === undefined ? '' : `-${scope.direction}`;
  const descriptor = exportFormatOf(format);
  const { extension } = descriptor.fileOf?.(scope) ?? descriptor;
  return `${plain}${part}${way}.${extension}`;
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
