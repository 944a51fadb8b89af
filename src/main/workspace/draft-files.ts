import { hash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { readRegularFileSync } from '#files/regular-file.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { errnoOf, stateOf, workspaceFailure } from './folder-files.ts';

/*
 * The files of drafts: `<hash of the key>-<owner>.draft`, a line of JSON and then the bytes. An owner is a page, or what else keeps
 * drafts, in one process. Only the owner changes or deletes its files while it is running; after its end, anyone may who has a copy.
 */

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

/** A draft as it is in its file. */
export interface StoredDraft extends Draft {
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
  /** The host name of the machine whose process has kept it. */
  readonly host: string;
}

export const maxDraftBytes = 64 * 1_048_576;
export const maxHeaderBytes = 262_144;
export const maxKeyLength = 4_096;
/** Whether a process of another machine is running is unknown: it counts as ended when it has not kept a draft for this long. Milliseconds. */
const otherHostMs = 24 * 60 * 60 * 1_000;

const headerSchema = z.object({
  key: z.string().max(maxKeyLength),
  basedOn: z.string().max(200),
  details: z.unknown(),
  keptAt: z.number().int().nonnegative(),
  host: z.string().max(255),
  bytes: z.number().int().nonnegative(),
});
const namePattern = /-((\d{1,10})-[0-9a-f]{12})\.draft$/;

const machine = hostname().slice(0, 255);

/** The owners of this process that have not ended. */
const running = new Set<string>();

/** Creates an owner, which is running until `endOwner`. */
export function startOwner(): string {
  const owner = `${process.pid}-${randomBytes(6).toString('hex')}`;
  running.add(owner);
  return owner;
}

/** Notes that `owner` has ended: others may take over its drafts. */
export function endOwner(owner: string): void {
  running.delete(owner);
}

/** Notes that `owner` is running again: the connection to its page was lost only. */
export function resumeOwner(owner: string): void {
  running.add(owner);
}

/** Returns the name of the file in which `owner` keeps the draft `key`. */
export function draftFileName(key: string, owner: string): string {
  return `${hash('sha256', key).slice(0, 32)}-${owner}.draft`;
}

/** Returns true if the owner of the file `name` has certainly ended. */
export function hasEnded(name: string, { host, keptAt }: Pick<StoredDraft, 'host' | 'keptAt'>): boolean {
  const [, owner = '', pid = ''] = namePattern.exec(name) ?? [];
  if (owner === '') return false;
  if (host !== machine) return keptAt < Date.now() - otherHostMs;
  return Number(pid) === process.pid ? !running.has(owner) : !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is running as another user.
    return errnoOf(error) === 'EPERM';
  }
}

/** Returns the first line of the file of a draft: JSON. */
export function headerOf({ key, basedOn, details, bytes }: Draft, keptAt: number): Buffer {
  const header = { key, basedOn, details, keptAt, host: machine, bytes: bytes.length };
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

/** Returns the names of the files of drafts in `folder`, which need not exist. Throws as `node:fs` does. */
export function draftFilesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => name.endsWith('.draft'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Reads a draft of at most `maxBytes`, with the stamp of its file; `undefined` if another process has just deleted it. Fails with
 * `too-large` and with `file`.
 */
export function readDraft(path: string, maxBytes: number): Result<{ draft: StoredDraft; stamp: string }> | undefined {
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
      host,
    } = headerSchema.parse(JSON.parse(String(content.subarray(0, end))));
    const bytes = content.subarray(end + 1);
    if (bytes.length !== length) return damaged(tried);
    return ok({ draft: { key, basedOn, details, keptAt, host, bytes }, stamp });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (errnoOf(error) !== '') return { ok: false, error: workspaceFailure(tried, error) };
    return damaged(tried);
  }
}

function damaged(tried: string): Result<never> {
  return fail('file', tried, { system: 'the file is damaged', hint: 'Open it with an editor, then delete it.' });
}
