import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileFailure, notASession } from '#session/format/failures.ts';
import { peekSession } from '#session/format/session-peek.ts';
import type { Session } from '#session/session.ts';
import { isReference, referenceName, referencePrefixes, sessionExtension } from '#shared/contract/file-reference.ts';
import type { StoredSession } from '#shared/contract/models.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { beyondRetention, type RetentionLimits, youngestDeletedMs } from '#shared/record/retention.ts';
import { walkSession } from '../session/format/session-peek.ts';

/** The extension of a file that is being created (`TargetFile`, an import). */
const partEnding = /\.wirebench\.[0-9a-f]{8}\.part$/;

const outside = 'it is not a file in the folder of sessions';

/** The sessions that are open in this process, by the identity of their files (`fileIdentity`). */
export type OpenFiles = ReadonlyMap<string, Session>;

interface Entry {
  readonly identity: string;
  /** Changes whenever the file does. */
  readonly version: string;
  readonly stored: StoredSession;
  /** A killed run left it without events and without a name. */
  readonly isNothing: boolean;
}

/** The session files in the app's folder: lists them, deletes them, and applies the limits. */
export class StoredSessions {
  readonly folder: string;
  readonly #openFiles: () => Promise<OpenFiles>;
  /** The properties of files that are not being written to; by path. */
  readonly #known = new Map<string, Entry>();
  /** Whether a file was named or annotated, by identity and version. */
  readonly #kept = new Map<string, boolean>();

  constructor(folder: string, openFiles: () => Promise<OpenFiles>) {
    this.folder = folder;
    this.#openFiles = openFiles;
  }

  /**
   * Returns the sessions in the folder, the newest first. Reads a few KiB of each new file. Omits files that are not sessions
   * or cannot be read, and those that a killed run left without events and without a name.
   */
  async list(): Promise<Result<StoredSession[]>> {
    const entries = await this.#entries();
    return entries.ok ? ok(entries.value.map(({ stored }) => stored)) : entries;
  }

  /**
   * Returns the path of the session file that `stored:NAME` names. Fails with `not-found` if no file with that name is in the
   * folder; a link that leads out of it does not count.
   */
  async find(reference: string): Promise<Result<string>> {
    const name = referenceName(reference);
    const tried = `Could not find the session “${name}”`;
    if (!isReference('stored', reference)) return fail('bad-input', tried, { hint: 'Open it by its name.' });
    const path = join(this.folder, name);
    try {
      const [own, parent] = await Promise.all([realpath(this.folder), realpath(path).then(dirname)]);
      if (own === parent) return ok(path);
    } catch (error) {
      return { ok: false, error: fileFailure(tried, error) };
    }
    return fail('not-found', tried, { system: outside, hint: `Only sessions in ${this.folder} are opened by name.` });
  }

  /** Deletes a session file of the folder that is neither being recorded to nor open. */
  async delete(path: string): Promise<Result<Record<string, never>>> {
    const tried = `Could not delete “${basename(path)}”`;
    try {
      const [own, parent] = await Promise.all([realpath(this.folder), realpath(dirname(path))]);
      const file = await lstat(path, { bigint: true });
      if (own !== parent || !file.isFile()) {
        return fail('wrong-state', tried, {
          system: outside,
          hint: `Only sessions in ${this.folder} are deleted here.`,
        });
      }
      const peek = peekSession(path);
      if (peek === undefined) return { ok: false, error: notASession(path, 'it does not begin with a session header') };
      const open = (await this.#openFiles()).get(`${file.dev}:${file.ino}`);
      if (open) {
        const recording = open.state !== 'read-only';
        return fail('wrong-state', tried, {
          system: recording ? 'it is being recorded' : 'it is open',
          hint: recording ? 'It ends with Wirebench.' : 'Close its tab first.',
        });
      }
      if (peek.recording) {
        const hint = 'Close the other Wirebench first.';
        return fail('wrong-state', tried, { system: 'another Wirebench records to it', hint });
      }
      await unlink(path);
      this.#known.delete(path);
      return ok({});
    } catch (error) {
      return { ok: false, error: fileFailure(tried, error) };
    }
  }

  /**
   * Deletes the sessions beyond the limits (`beyondRetention`), and the incomplete files of killed programs.
   * Returns the paths of the deleted sessions.
   */
  async retain(limits: RetentionLimits, signal?: AbortSignal): Promise<string[]> {
    await this.#deleteParts();
    const entries = await this.#entries();
    if (!entries.ok) return [];
    const rough = entries.value.map(({ stored }) => ({ ...stored, kept: false, inUse: isInUse(stored) }));
    // Only a walk over the file shows whether a session was annotated: it is made only if something must be deleted.
    if (beyondRetention(rough, limits, Date.now()).length === 0) return [];
    const open = await this.#openFiles();
    const sessions = [];
    for (const { stored, identity, version } of entries.value) {
      if (signal?.aborted) return [];
      const key = `${identity} ${version}`;
      const inUse = isInUse(stored) || open.has(identity);
      const kept = this.#kept.get(key) ?? (await isKept(stored.path));
      if (!inUse) this.#kept.set(key, kept);
      sessions.push({ ...stored, kept, inUse });
    }
    const deleted: string[] = [];
    for (const { path } of beyondRetention(sessions, limits, Date.now())) {
      if (signal?.aborted) break;
      if ((await this.delete(path)).ok) deleted.push(path);
    }
    return deleted;
  }

  async #deleteParts(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names.filter((one) => partEnding.test(one))) {
      const path = join(this.folder, name);
      const file = await lstat(path).catch(() => undefined);
      if (file?.isFile() && Date.now() - file.mtimeMs > youngestDeletedMs) await unlink(path).catch(() => undefined);
    }
  }

  async #entries(): Promise<Result<Entry[]>> {
    let found: Dirent[];
    try {
      found = await readdir(this.folder, { withFileTypes: true });
    } catch (error) {
      return { ok: false, error: fileFailure(`Could not list the sessions in “${this.folder}”`, error) };
    }
    const open = await this.#openFiles();
    const entries: Entry[] = [];
    for (const file of found) {
      const { name } = file;
      if (!name.endsWith(sessionExtension)) continue;
      // Omits files that cannot be opened, and links that lead out of the folder.
      if (file.isSymbolicLink() && !(await this.find(referenceOf(name))).ok) continue;
      const path = join(this.folder, name);
      const entry = await this.#entry(path, open).catch(() => undefined);
      if (entry && !entry.isNothing) entries.push(entry);
      // Lets the engine work between the files.
      await setImmediate();
    }
    return ok(entries.sort((a, b) => b.stored.startedAt - a.stored.startedAt));
  }

  /** Returns what is known of one file; throws if it cannot be read. */
  async #entry(path: string, open: OpenFiles): Promise<Entry | undefined> {
    const file = await stat(path, { bigint: true });
    if (!file.isFile()) return undefined;
    const identity = `${file.dev}:${file.ino}`;
    const version = `${file.size}:${file.mtimeNs}`;
    const session = open.get(identity);
    const known = this.#known.get(path);
    if (!session && known?.identity === identity && known.version === version) return known;

    const peek = peekSession(path);
    if (peek === undefined) return undefined;
    const startedAt = Date.parse(peek.header.createdAt);
    const changedAt = Number(file.mtimeMs);
    const about = {
      reference: referenceOf(basename(path)),
      path,
      name: session?.name ?? peek.name,
      startedAt: Number.isNaN(startedAt) ? changedAt : startedAt,
      changedAt,
      fileBytes: peek.fileBytes,
    };
    if (session && session.state !== 'read-only') {
      return { identity, version, stored: { ...about, records: session.total, state: 'recording' }, isNothing: false };
    }
    if (peek.recording) return { identity, version, stored: { ...about, state: 'busy' }, isNothing: false };
    let stored: StoredSession;
    let isNothing = false;
    if (peek.totals) {
      stored = { ...about, records: peek.totals.records, state: 'ended' };
    } else {
      const { records, cutBytes, name, kept } = await walkSession(path);
      isNothing = records === 0 && cutBytes === 0 && !kept;
      stored = { ...about, name: name || about.name, records, cutBytes, state: 'crashed' };
    }
    const entry = { identity, version, stored, isNothing };
    this.#known.set(path, entry);
    return entry;
  }
}

function referenceOf(name: string): string {
  return `${referencePrefixes.stored}${name}`;
}

function isInUse({ state }: StoredSession): boolean {
  return state === 'recording' || state === 'busy';
}

async function isKept(path: string): Promise<boolean> {
  try {
    return (await walkSession(path)).kept;
  } catch {
    // A file that cannot be read now may be worth keeping.
    return true;
  }
}
