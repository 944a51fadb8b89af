import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importSession } from '#session/imports/import-session.ts';
import { sourceName } from '#session/imports/source-file.ts';
import type { Session } from '#session/session.ts';
import { openSessionLog } from '#session/session-log.ts';
import type { TaskOptions } from '#session/task.ts';
import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';
import { sessionExtension } from '#shared/contract/file-reference.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';

/** A session file, or one that was made of a capture, of JSON lines or of another session. */
export interface OpenedFile {
  readonly session: Session;
  /** What of what it was made of could not be taken; empty where all was. */
  readonly notice: string;
}

/** What a name may not have on any of the systems. */
const forbidden = /[/\\:*?"<>|]/g;

/** Bytes of a name in UTF-8: file systems take 255, and a number, the ending and that of a part come behind it. */
const maxStemBytes = 200;

/** Files that are being made: they have their name only when they are done. */
const underWay = new Set<string>();

/** A file in `folder` that is not there yet, called after the file `source`. */
export function importTarget(folder: string, source: string): string {
  return newSessionPath(folder, sourceName(source));
}

/** A session file in `folder` that is not there yet, called `title` as far as file systems take that. */
export function newSessionPath(folder: string, title: string): string {
  const plain = replaceHidden(title, hidden, () => '_')
    .replace(forbidden, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
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

/** Runs `job`, which makes the file `path`: nobody else chooses that name meanwhile. */
async function making<T>(path: string, job: () => Promise<T>): Promise<T> {
  underWay.add(path);
  try {
    return await job();
  } finally {
    underWay.delete(path);
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
  const name = sourceName(path).slice(0, 120) || 'import';
  const imported = await making(target, () => importSession({ source: path, target, name, appVersion, ...work }));
  if (!imported.ok) {
    // A session that cannot be opened, of a later version say: why, was told by the first attempt.
    return imported.error.code === 'wrong-state' ? opened : imported;
  }
  const session = await openSessionLog(target);
  return session.ok ? ok({ session: session.value, notice: imported.value.notice }) : session;
}

interface ReframeFile {
  readonly framing: FramingSpec;
  readonly sockets?: readonly number[] | undefined;
  readonly endpoint?: string | undefined;
  /** Where the new session is made. */
  readonly folder: string;
  readonly appVersion: string;
}

/** Makes a session in which streams of `session` are cut by another framing, named after both, and opens it. */
export async function reframeFile(
  session: Session,
  { framing, sockets, endpoint, folder, appVersion }: ReframeFile,
  work: TaskOptions,
): Promise<Result<OpenedFile>> {
  const name = reframedName(session.name, framing);
  const path = newSessionPath(folder, name);
  const reframed = await making(path, () =>
    session.ask('reframe', { framing, sockets, endpoint, path, name, appVersion }, work),
  );
  if (!reframed.ok) return reframed;
  const opened = await openSessionLog(path);
  return opened.ok ? ok({ session: opened.value, notice: reframed.value.notice }) : opened;
}

/** The longest name that a session may be given. */
const maxName = 120;

/** What a session is called that was made of the one called `name`. */
export function reframedName(name: string, framing: FramingSpec): string {
  const how = `, framed as ${formatFraming(framing)}`;
  return `${name.slice(0, Math.max(1, maxName - how.length))}${how}`;
}
