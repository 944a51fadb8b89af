import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { importSession } from '#session/imports/import-session.ts';
import type { Session, TaskOptions } from '#session/session.ts';
import { openSessionLog } from '#session/session-log.ts';
import { ok, type Result } from '#shared/contract/failure.ts';
import { sessionExtension } from './stored-sessions.ts';

/** A session file, or one that was made of a capture or of JSON lines. */
export interface OpenedFile {
  readonly session: Session;
  /** What of a capture or of JSON lines could not be taken; empty where all was. */
  readonly notice: string;
}

/** What a name may not have on any of the systems. */
const forbidden = /[\u0000-\u001f\u007f/\\:*?"<>|]/g;

/** Bytes of a name in UTF-8: file systems take 255, and a number, the ending and that of a part come behind it. */
const maxStemBytes = 200;

/** Files that are being made: they have their name only when they are done. */
const underWay = new Set<string>();

/** A file in `folder` that is not there yet, called after the file `source`. */
export function importTarget(folder: string, source: string): string {
  const plain = basename(source, extname(source)).replace(forbidden, '_').replace(/^\.+/, '').slice(0, 100);
  // What is left of a character that was cut through goes too.
  const stem =
    Buffer.from(plain)
      .subarray(0, maxStemBytes)
      .toString()
      .replace(/\ufffd+$/, '') || 'import';
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${stem}${number === 1 ? '' : `-${number}`}${sessionExtension}`);
    if (!underWay.has(path) && !existsSync(path)) return path;
  }
}

/**
 * Opens the session file at `path` read-only; a capture or JSON lines first become a session of their name in `folder`.
 * What a file is, is told by its content.
 */
export async function openFile(
  path: string,
  folder: string,
  appVersion: string,
  work: TaskOptions,
): Promise<Result<OpenedFile>> {
  const opened = await openSessionLog(path);
  if (opened.ok) return ok({ session: opened.value, notice: '' });
  if (opened.error.code !== 'not-a-session') return opened;
  const target = importTarget(folder, path);
  const name = basename(path, extname(path)).slice(0, 120) || 'import';
  underWay.add(target);
  const imported = await importSession({ source: path, target, name, appVersion, ...work }).finally(() =>
    underWay.delete(target),
  );
  if (!imported.ok) {
    // A session that cannot be opened, of a later version say: why, was told by the first attempt.
    return imported.error.code === 'wrong-state' ? opened : imported;
  }
  const session = await openSessionLog(target);
  return session.ok ? ok({ session: session.value, notice: imported.value.notice }) : session;
}
