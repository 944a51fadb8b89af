import fs from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { makePrivateFolder } from '#files/private-files.ts';
import { readRegularFile } from '#files/regular-file.ts';
import { replaceFile } from '#files/replace-file.ts';
import { fail, type Result } from '#shared/failure.ts';
import { manifestName } from './document-path.ts';
import { attempt } from './folder-files.ts';
import { Workspace, type WorkspaceOptions } from './workspace.ts';
import { createWorkspaceFolder, type WorkspaceFiles } from './workspace-folder.ts';

/*
 * What the app keeps of workspaces on this machine, in its folder: `workspaces/<id>/recent.json` and `layout.json`, one file for each
 * thing, so that two processes do not lose each other's entries.
 */

/** A workspace that was open before. */
interface RecentWorkspace {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** The folder is not a workspace any more, or is on a disk that does not answer. */
  readonly isMissing: boolean;
}

const maxRecent = 20;
/** Folders of workspaces that are looked at for the list. */
const maxKept = 1_000;
const maxRecentBytes = 16_384;
const maxLayoutBytes = 1_048_576;
/** A network drive that does not answer does not delay the list for longer. */
const answerMs = 1_000;
const idPattern = /^[0-9a-f]{32}$/;

const recentSchema = z.object({
  path: z.string().max(4_096),
  name: z.string().max(200),
  openedAt: z.number().int().nonnegative(),
});
type Recent = z.infer<typeof recentSchema> & { readonly id: string };

/** The workspaces that were opened last, and the layout of the window for each. */
export class KeptWorkspaces {
  #lastLayout: Promise<unknown> = Promise.resolve();
  readonly #folder: string;

  constructor(home: string) {
    this.#folder = join(home, 'workspaces');
  }

  /** Notes that `workspace` was opened, and forgets the oldest entry beyond 20. */
  async noteOpened(workspace: { readonly folder: string; readonly id: string }, name: string): Promise<Result<void>> {
    return await attempt(`Could not note the workspace “${workspace.folder}”`, async () => {
      const recent = { path: workspace.folder, name: name.slice(0, 200), openedAt: Date.now() };
      await this.#write(workspace.id, 'recent.json', JSON.stringify(recent));
      const all = await this.#readAll();
      for (const { id } of all.slice(maxRecent)) await this.forget(id);
    });
  }

  /** Returns the newest 20, the last opened first. Damaged entries are left out. */
  async recent(): Promise<RecentWorkspace[]> {
    const newest = (await this.#readAll()).slice(0, maxRecent);
    return await Promise.all(newest.map(async (it) => ({ ...it, isMissing: !(await isThere(it.path)) })));
  }

  /** Removes an entry from the list; the workspace, its drafts and its layout stay. */
  async forget(id: string): Promise<Result<void>> {
    if (!idPattern.test(id)) return fail('not-found', 'There is no such workspace in the list');
    return await attempt('Could not remove the workspace from the list', () =>
      rm(join(this.#folder, id, 'recent.json'), { force: true }),
    );
  }

  /** Keeps `layout`, opaque JSON of at most 1 MiB, for the workspace `id`. Fails with `too-large` or `file`. */
  async keepLayout(id: string, layout: unknown): Promise<Result<void>> {
    const tried = 'Could not keep the layout of the window';
    const text = JSON.stringify(layout);
    if (Buffer.byteLength(text) > maxLayoutBytes) {
      return fail('too-large', tried, { system: `the maximum is ${maxLayoutBytes} bytes`, hint: 'Close some tabs.' });
    }
    // One after the other: the last layout that was given is the one that stays.
    const kept = this.#lastLayout.then(() => attempt(tried, () => this.#write(id, 'layout.json', text)));
    this.#lastLayout = kept;
    return await kept;
  }

  /** Returns the layout that was kept for the workspace `id`; `undefined` without one, or if it is damaged. */
  async layout(id: string): Promise<unknown> {
    return await this.#read(id, 'layout.json', maxLayoutBytes);
  }

  async #readAll(): Promise<Recent[]> {
    let names: string[] = [];
    try {
      names = fs.readdirSync(this.#folder).filter((name) => idPattern.test(name));
    } catch {
      // Nothing has been kept yet.
    }
    const found = await Promise.all(
      names.slice(0, maxKept).map(async (id) => {
        const parsed = recentSchema.safeParse(await this.#read(id, 'recent.json', maxRecentBytes));
        return parsed.success ? [{ ...parsed.data, id }] : [];
      }),
    );
    return found.flat().sort((one, other) => other.openedAt - one.openedAt);
  }

  async #write(id: string, name: string, text: string): Promise<void> {
    const folder = join(this.#folder, id);
    makePrivateFolder(folder);
    await replaceFile(join(folder, name), `${text}\n`);
  }

  async #read(id: string, name: string, maxBytes: number): Promise<unknown> {
    try {
      return JSON.parse(String(await readRegularFile(join(this.#folder, id, name), maxBytes)));
    } catch {
      return undefined;
    }
  }
}

async function isThere(folder: string): Promise<boolean> {
  const found = lstat(join(folder, manifestName)).then(
    (stats) => stats.isFile(),
    () => false,
  );
  return await Promise.race([found, pause(answerMs, false, { ref: false })]);
}

/** Returns the folder of the default workspace in the app's folder `home`. */
export function defaultWorkspaceFolder(home: string): string {
  return join(home, 'workspace');
}

/** Opens the default workspace in the app's folder `home`; creates it with `manifest` and `files` if it is missing. */
export async function openDefaultWorkspace(
  home: string,
  contents: WorkspaceFiles,
  options: WorkspaceOptions = {},
): Promise<Result<Workspace>> {
  const folder = defaultWorkspaceFolder(home);
  const made = await attempt(`Could not create the folder “${folder}”`, () => makePrivateFolder(folder));
  if (!made.ok) return made;
  const created = await createWorkspaceFolder(folder, contents.manifest, contents.files);
  // It was created before, perhaps by another process just now.
  if (!created.ok && created.error.code !== 'wrong-state') return created;
  return await Workspace.open(folder, options);
}
