import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sourceName } from '#session/convert/export/standard-streams.ts';
import { importSession } from '#session/convert/import/import-session.ts';
import type { Session, SessionLog } from '#session/session.ts';
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import type { JobOptions } from '#session/threads.ts';
import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';
import { sessionExtension } from '#shared/contract/file-reference.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { formatFraming } from '#shared/framing/spec.ts';

/** Returns the path of a session that starts now: `2026-03-01_14-05-09.wirebench`, UTC, with a number if it exists. */
function sessionPath(folder: string, startedAt: Date, attempt: number): string {
  const stamp = startedAt.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-');
  return join(folder, `${stamp}${attempt === 0 ? '' : `-${attempt + 1}`}${sessionExtension}`);
}

/** How many sessions may start in the same second. */
const maxAttempts = 20;

/** Creates the log of this run in `folder`, beside those of other runs that start in the same second. */
export function startSession(folder: string, appVersion: string): Result<SessionLog> {
  const startedAt = new Date();
  for (let attempt = 0; ; attempt += 1) {
    const path = sessionPath(folder, startedAt, attempt);
    const created = createSessionLog({ path, name: basename(path, sessionExtension), appVersion });
    if (created.ok || attempt === maxAttempts || !existsSync(path)) return created;
  }
}

/** A session file, or one that was created from a capture, from JSON lines or from another session. */
export interface OpenedFile {
  readonly session: Session;
  /** What of the source was not imported; empty if nothing. */
  readonly notice: string;
}

/** Characters that a name must not contain on any of the systems. */
const forbidden = /[/\\:*?"<>|]/g;

/** The maximum bytes of a name in UTF-8: file systems allow 255, including a number, the extension and that of a part. */
const maxStemBytes = 200;

/** The files being created: they get their name only when they are complete. */
const underWay = new Set<string>();

/** Returns the path of a new file in `folder`, named after the file `source`. */
export function importTarget(folder: string, source: string): string {
  return newSessionPath(folder, sourceName(source));
}

/** Returns the path of a new session file in `folder`, named `title` as far as file systems allow. */
export function newSessionPath(folder: string, title: string): string {
  const plain = replaceHidden(title, hidden, () => '_')
    .replace(forbidden, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
  // Also removes the rest of a character that was split.
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

/** Runs `job`, which creates the file `path`, and reserves that name meanwhile. */
async function making<T>(path: string, job: () => Promise<T>): Promise<T> {
  underWay.add(path);
  try {
    return await job();
  } finally {
    underWay.delete(path);
  }
}

/**
 * Opens the session file at `path` read-only; first imports a capture or JSON lines into a session with its name in `folder`.
 * The content decides what a file is.
 */
export async function openFile(
  path: string,
  folder: string,
  appVersion: string,
  work: JobOptions,
): Promise<Result<OpenedFile>> {
  const opened = await openSessionLog(path);
  if (opened.ok) return ok({ session: opened.value, notice: '' });
  if (opened.error.code !== 'not-a-session') return opened;
  const target = importTarget(folder, path);
  const name = sourceName(path).slice(0, 120) || 'import';
  const imported = await making(target, () => importSession({ source: path, target, name, appVersion, ...work }));
  if (!imported.ok) {
    // For a session that cannot be opened, for example of a later version, the first attempt has the reason.
    return imported.error.code === 'wrong-state' ? opened : imported;
  }
  const session = await openSessionLog(target);
  return session.ok ? ok({ session: session.value, notice: imported.value.notice }) : session;
}

interface ReframeFile {
  readonly framing: FramingSpec;
  readonly sockets?: readonly number[] | undefined;
  readonly endpoint?: string | undefined;
  /** The folder of the new session. */
  readonly folder: string;
  readonly appVersion: string;
}

/** Re-frames streams of `session` into a new session named after both, and opens it. */
export async function reframeFile(
  session: Session,
  { framing, sockets, endpoint, folder, appVersion }: ReframeFile,
  work: JobOptions,
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

/** The maximum length of a session's name. */
const maxName = 120;

/** Returns the name of the session that was re-framed from the one called `name`. */
export function reframedName(name: string, framing: FramingSpec): string {
  const how = `, framed as ${formatFraming(framing)}`;
  return `${name.slice(0, Math.max(1, maxName - how.length))}${how}`;
}

/**
 * Returns an id that is the same for all paths to one file, through any links: its device and its inode. `undefined` for a
 * missing file.
 */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * Returns an id that changes with the content of a file: the inode of a deleted file is soon used by
 * another. `undefined` for a missing file.
 */
export async function fileVersion(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch {
    return undefined;
  }
}
