import { hash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makePrivateFolder } from '#files/private-files.ts';
import { readRegularFileSync } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { attempt, errnoOf, stateOf, workspaceFailure } from './folder-files.ts';

/** What a user has written and not saved. */
export interface Draft {
  /** The path of the document, or a name for a new one. */
  readonly key: string;
  readonly bytes: Uint8Array;
  /** The version that the user began with; `new` without one. */
  readonly basedOn: string;
  /** What else the page needs to show it again, as JSON. */
  readonly details: unknown;
}

interface KeptDraft extends Draft {
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** True if this process has kept it; otherwise one that has ended, or is running at the same time. */
  readonly isOwn: boolean;
}

/** The drafts of a workspace, the newest first, and what could not be read; that stays on the disk. */
interface KeptDrafts {
  readonly drafts: readonly KeptDraft[];
  readonly problems: readonly Failure[];
}

/** A draft is written no more often. Milliseconds. */
const intervalMs = 1_000;
const maxDraftBytes = 64 * 1_048_576;
const maxHeaderBytes = 262_144;
const maxKeyLength = 4_096;
/** All drafts that are read for a list, and their bytes. */
const maxDrafts = 1_000;
const maxTotalBytes = 256 * 1_048_576;

const headerSchema = z.object({
  key: z.string().max(maxKeyLength),
  basedOn: z.string().max(200),
  details: z.unknown(),
  keptAt: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
});

interface Pending {
  draft: Draft;
  readonly hurry: () => void;
  readonly written: Promise<Result<void>>;
}

/**
 * The drafts of a workspace, in the app's folder: `drafts/<workspace id>/`, for their owner only. One file per draft and process, so
 * that two processes do not replace each other's. A draft that was kept is there after the process was killed.
 */
export class Drafts {
  readonly #folder: string;
  readonly #owner = `${process.pid}-${randomBytes(6).toString('hex')}`;
  readonly #pending = new Map<string, Pending>();
  readonly #writing = new Map<string, Promise<unknown>>();
  readonly #writtenAt = new Map<string, number>();
  /** Files of other processes that `list` has returned, by their key, as they were then. */
  readonly #adopted = new Map<string, Map<string, string>>();

  constructor(home: string, workspaceId: string) {
    this.#folder = join(home, 'drafts', workspaceId);
  }

  /**
   * Keeps `draft` in place of the last one with this key: immediately, or a second after that was written. Resolves when this draft or
   * a later one is on the disk. Fails with `too-large` or `file`.
   */
  async keep(draft: Draft): Promise<Result<void>> {
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

  /** Returns the drafts of all processes, of the last second only those on the disk. Fails with `file` if the folder cannot be read. */
  async list(): Promise<Result<KeptDrafts>> {
    return await attempt('Could not list the unsaved changes', () => {
      const drafts: KeptDraft[] = [];
      const problems: Failure[] = [];
      let total = 0;
      for (const name of namesIn(this.#folder).slice(0, maxDrafts)) {
        const path = join(this.#folder, name);
        const read = readDraft(path, maxTotalBytes - total);
        if (!read) continue;
        if (!read.ok) {
          problems.push(read.error);
          continue;
        }
        total += read.value.draft.bytes.length;
        const isOwn = name.endsWith(`-${this.#owner}.draft`);
        drafts.push({ ...read.value.draft, isOwn });
        if (!isOwn) this.#adopt(read.value.draft.key, path, read.value.stamp);
      }
      return { drafts: drafts.sort((one, other) => other.keptAt - one.keptAt), problems };
    });
  }

  /** Deletes the draft `key` of this process, and those of others that `list` has returned and that are still the same. */
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
      for (const [path, stamp] of this.#adopted.get(key) ?? []) {
        const stats = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
        if (stats && stateOf(stats).stamp === stamp) await rm(path, { force: true });
      }
      this.#adopted.delete(key);
    });
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
    return join(this.#folder, `${hash('sha256', key).slice(0, 32)}-${this.#owner}.draft`);
  }

  #adopt(key: string, path: string, stamp: string): void {
    const files = this.#adopted.get(key) ?? new Map<string, string>();
    this.#adopted.set(key, files.set(path, stamp));
  }
}

function triedFor(key: string): string {
  return `Could not keep the unsaved changes of “${key}”`;
}

/** A line of JSON; the bytes of the draft follow. */
function headerOf({ key, basedOn, details, bytes }: Draft, keptAt: number): Buffer {
  return Buffer.from(`${JSON.stringify({ key, basedOn, details, keptAt, bytes: bytes.length })}\n`);
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => name.endsWith('.draft'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Reads a draft of at most `maxBytes`; `undefined` if another process has just deleted it. */
function readDraft(
  path: string,
  maxBytes: number,
): Result<{ draft: Omit<KeptDraft, 'isOwn'>; stamp: string }> | undefined {
  const tried = `Could not read the unsaved changes in “${path}”`;
  try {
    const stats = fs.lstatSync(path, { bigint: true });
    const { size, stamp } = stateOf(stats);
    if (size > maxBytes) return fail('too-large', tried, { hint: 'Save or discard other unsaved changes.' });
    const content = readRegularFileSync(path);
    const end = content.subarray(0, maxHeaderBytes + 200).indexOf(10);
    const {
      bytes: length,
      key,
      basedOn,
      details,
      keptAt,
    } = headerSchema.parse(JSON.parse(String(content.subarray(0, end))));
    const bytes = content.subarray(end + 1);
    if (bytes.length !== length) return damaged(tried);
    return ok({ draft: { key, basedOn, details, keptAt, bytes }, stamp });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (errnoOf(error) !== '') return { ok: false, error: workspaceFailure(tried, error) };
    return damaged(tried);
  }
}

function damaged(tried: string): Result<never> {
  return fail('file', tried, { system: 'the file is damaged', hint: 'Open it with an editor, then delete it.' });
}
