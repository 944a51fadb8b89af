import fs from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from '#files/private-files.ts';
import { replaceFile } from '#files/replace-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import {
  type Draft,
  draftFileName,
  draftFilesIn,
  endOwner,
  hasEnded,
  headerOf,
  maxDraftBytes,
  maxHeaderBytes,
  maxKeyLength,
  readDraft,
  resumeOwner,
  type StoredDraft,
  startOwner,
} from './draft-files.ts';
import { attempt, stateOf } from './folder-files.ts';

interface ListedDraft extends Draft {
  /** Identifies it among those that were listed. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** True if it was kept through this object; otherwise by another page or process, which may be running. */
  readonly isOwn: boolean;
}

/** The drafts of a workspace, the newest first, and what could not be read; that stays on the disk. */
interface ListedDrafts {
  readonly drafts: readonly ListedDraft[];
  readonly problems: readonly Failure[];
}

/** A draft is written no more often. Milliseconds. */
const intervalMs = 1_000;
/** All drafts that are read for a list, and their bytes. */
const maxDrafts = 1_000;
const maxTotalBytes = 256 * 1_048_576;

interface Pending {
  draft: Draft;
  readonly hurry: () => void;
  readonly written: Promise<Result<void>>;
}

/**
 * The drafts of one page in a workspace, in the app's folder: `drafts/<workspace id>/`, for the user only. Each page has its own files, so
 * that pages and processes do not replace each other's. A draft that was kept is there after the process was killed.
 *
 * A page shows copies of the drafts that others have kept. It deletes theirs only after their page has ended: while a page shows a draft,
 * the file of that page is the only one that is certain to survive it.
 */
export class Drafts {
  readonly #folder: string;
  readonly #owner = startOwner();
  readonly #pending = new Map<string, Pending>();
  readonly #writing = new Map<string, Promise<unknown>>();
  readonly #writtenAt = new Map<string, number>();
  /** The files of others that `list` has returned, by their names, as they were then. */
  readonly #listed = new Map<string, StoredDraft & { readonly stamp: string }>();

  constructor(home: string, workspaceId: string) {
    this.#folder = join(home, 'drafts', workspaceId);
  }

  /**
   * Keeps `draft` in place of the last one with this key: immediately, or a second after that was written. Resolves when this draft or
   * a later one is on the disk. Then deletes the listed drafts `takesOver`, which it replaces, if their page has ended. Fails with
   * `too-large` or `file`.
   */
  async keep(draft: Draft, takesOver: readonly string[] = []): Promise<Result<void>> {
    resumeOwner(this.#owner);
    const kept = await this.#keep(draft);
    if (!kept.ok || takesOver.length === 0) return kept;
    return await attempt(triedFor(draft.key), () => this.#deleteEnded(takesOver));
  }

  async #keep(draft: Draft): Promise<Result<void>> {
    const header = headerOf(draft, 0);
    if (draft.bytes.length > maxDraftBytes || header.length > maxHeaderBytes || draft.key.length > maxKeyLength) {
      const system = `the maximum is ${maxDraftBytes} bytes, with ${maxHeaderBytes} bytes of details`;
      return fail('too-large', triedFor(draft.key), { system, hint: 'Save the document.' });
    }
    const waiting = this.#pending.get(draft.key);
    if (waiting) {
      waiting.draft = draft;
      return await waiting.written;
    }
    return await this.#schedule(draft);
  }

  /** Writes immediately what waits for its second. Resolves when all of it is on the disk, with the first failure. */
  async flush(): Promise<Result<void>> {
    const waiting = [...this.#pending.values()];
    for (const { hurry } of waiting) hurry();
    const results = await Promise.all(waiting.map(({ written }) => written));
    await Promise.all(this.#writing.values());
    return results.find(({ ok: isOk }) => !isOk) ?? ok(undefined);
  }

  /** Returns the drafts of all pages and processes, of the last second only those on the disk. Fails with `file` if the folder cannot be read. */
  async list(): Promise<Result<ListedDrafts>> {
    return await attempt('Could not list the unsaved changes', () => {
      const drafts: ListedDraft[] = [];
      const problems: Failure[] = [];
      let total = 0;
      for (const name of draftFilesIn(this.#folder).slice(0, maxDrafts)) {
        const read = readDraft(join(this.#folder, name), maxTotalBytes - total);
        if (!read) continue;
        if (!read.ok) {
          problems.push(read.error);
          continue;
        }
        const { draft, stamp } = read.value;
        const { host: _host, ...shown } = draft;
        total += draft.bytes.length;
        const isOwn = name.endsWith(`-${this.#owner}.draft`);
        drafts.push({ ...shown, id: name, isOwn });
        if (!isOwn) this.#listed.set(name, { ...draft, bytes: new Uint8Array(), stamp });
      }
      return { drafts: drafts.sort((one, other) => other.keptAt - one.keptAt), problems };
    });
  }

  /** Deletes the draft `key` of this page, and those of ended pages that `list` has returned and that are still the same. */
  async drop(key: string): Promise<Result<void>> {
    const waiting = this.#pending.get(key);
    if (waiting) {
      this.#pending.delete(key);
      waiting.hurry();
      await waiting.written;
    }
    await this.#writing.get(key);
    return await attempt(`Could not delete the draft of “${key}”`, async () => {
      await rm(this.#pathOf(key), { force: true });
      await this.#deleteEnded([...this.#listed].flatMap(([name, draft]) => (draft.key === key ? [name] : [])));
    });
  }

  /** Notes that the page has ended, and writes what waits: other pages may take over its drafts. A later `keep` makes it a running one again. */
  async end(): Promise<void> {
    await this.flush();
    endOwner(this.#owner);
  }

  /** Deletes those of the listed drafts `names` whose page has ended, unless it has changed them since. */
  async #deleteEnded(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const listed = this.#listed.get(name);
      if (!listed || !hasEnded(name, listed)) continue;
      const path = join(this.#folder, name);
      const stats = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (stats && stateOf(stats).stamp === listed.stamp) await rm(path, { force: true });
      this.#listed.delete(name);
    }
  }

  #schedule(draft: Draft): Promise<Result<void>> {
    const { key } = draft;
    const { promise: due, resolve: hurry } = Promise.withResolvers<void>();
    const waitMs = (this.#writtenAt.get(key) ?? Number.NEGATIVE_INFINITY) + intervalMs - performance.now();
    if (waitMs > 0) setTimeout(hurry, waitMs).unref();
    else hurry();
    const previous = this.#writing.get(key);
    const written = due.then(async () => {
      await previous;
      // `drop` has removed it.
      if (this.#pending.get(key) !== pending) return ok(undefined);
      this.#pending.delete(key);
      this.#writtenAt.set(key, performance.now());
      const writing = this.#write(pending.draft);
      this.#writing.set(key, writing);
      return await writing;
    });
    const pending: Pending = { draft, hurry, written };
    this.#pending.set(key, pending);
    return written;
  }

  #write(draft: Draft): Promise<Result<void>> {
    return attempt(triedFor(draft.key), async () => {
      makePrivateFolder(this.#folder);
      await replaceFile(this.#pathOf(draft.key), Buffer.concat([headerOf(draft, Date.now()), draft.bytes]));
    });
  }

  #pathOf(key: string): string {
    return join(this.#folder, draftFileName(key, this.#owner));
  }
}

function triedFor(key: string): string {
  return `Could not keep the unsaved changes of “${key}”`;
}
