import { hash } from 'node:crypto';
import fs from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { stageFile, syncFolder } from '#files/replace-file.ts';
import { workspaceKind, workspaceVersion } from '#shared/document/kinds/workspace.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { documentFolders, manifestName } from './document-path.ts';
import { attempt, makeFolderInside } from './folder-files.ts';
import { withFolderLock } from './folder-lock.ts';

/** Returns what identifies the workspace in `folder`, a real path, on this machine: 32 hex digits. */
export function workspaceId(folder: string): string {
  return hash('sha256', folder).slice(0, 32);
}

/** The name of the workspace that exists without one being created. */
export const defaultName = 'My workspace';

/** The first files of a workspace: its manifest, and others by their paths. */
export interface WorkspaceFiles {
  readonly manifest: string | Uint8Array;
  readonly files?: ReadonlyMap<string, string | Uint8Array>;
}

/**
 * Returns the first files of a workspace called `name`, among them the schemas with which editors check its documents, from the app's folder
 * `resources`. Rejects as `node:fs` does.
 */
export async function newWorkspaceFiles(resources: string, name: string): Promise<WorkspaceFiles> {
  const written = workspaceKind.stringify({ version: workspaceVersion, name }, undefined, { path: manifestName });
  if (!written.ok) throw new Error(written.error.system);
  const schemas = join(resources, 'schemas');
  const names = (await readdir(schemas)).filter((file) => file.endsWith('.schema.json'));
  const files = await Promise.all(
    names.map(async (file) => [`.wirebench/schemas/${file}`, await readFile(join(schemas, file))] as const),
  );
  return { manifest: written.value.content, files: new Map(files) };
}

/**
 * Makes `folder`, created if missing, a workspace: with `manifest` as its `wirebench.yaml`, the folders for documents, and `files` by
 * their paths, of which it keeps those that exist. Fails with `wrong-state` if the folder is a workspace already, and with `file` if
 * the system refuses.
 */
export async function createWorkspaceFolder(
  folder: string,
  manifest: string | Uint8Array,
  files: ReadonlyMap<string, string | Uint8Array> = new Map(),
): Promise<Result<void>> {
  const tried = `Could not create a workspace in “${folder}”`;
  const created = await attempt(tried, async () => {
    fs.mkdirSync(folder, { recursive: true });
    const root = fs.realpathSync.native(folder);
    for (const name of documentFolders) makeFolderInside(root, name);
    for (const [path, content] of files) await placeNew(root, path, content);
    return await placeNew(root, manifestName, manifest);
  });
  if (!created.ok) return created;
  if (created.value) return ok(undefined);
  return fail('wrong-state', tried, { system: `it contains ${manifestName}`, hint: 'Open it, or use another folder.' });
}

/** Writes a new file as a whole; returns false, and changes nothing, if something has its name. Rejects as `node:fs` does. */
async function placeNew(root: string, path: string, content: string | Uint8Array): Promise<boolean> {
  const folder = makeFolderInside(root, dirname(path));
  const target = join(root, path);
  const staged = await stageFile(folder, content, 'umask');
  try {
    return await withFolderLock(root, () => {
      if (fs.lstatSync(target, { throwIfNoEntry: false })) return false;
      fs.renameSync(staged, target);
      return true;
    });
  } finally {
    fs.rmSync(staged, { force: true });
    await syncFolder(folder);
  }
}

/** A workspace that was found. */
interface FoundWorkspace {
  /** The nearest one; `undefined` if no folder above is one. */
  readonly folder: string | undefined;
  /** Workspaces of other users that were passed over: what they contain is used only if the user names them. */
  readonly passedOver: readonly string[];
}

/** Returns the nearest parent of `start`, or `start` itself, that contains a regular file `wirebench.yaml` of this user or root. */
export function findWorkspace(start: string): FoundWorkspace {
  const passedOver: string[] = [];
  let folder = resolve(start);
  for (;;) {
    const found = manifestOf(folder);
    if (found === 'own') return { folder, passedOver };
    if (found === 'of another user') passedOver.push(folder);
    const parent = dirname(folder);
    if (parent === folder) return { folder: undefined, passedOver };
    folder = parent;
  }
}

function manifestOf(folder: string): 'own' | 'of another user' | 'none' {
  try {
    const stats = fs.lstatSync(join(folder, manifestName), { throwIfNoEntry: false });
    if (!stats?.isFile()) return 'none';
    // Windows has no user ids.
    const user = process.geteuid?.() ?? 0;
    const owners = [fs.lstatSync(folder).uid, stats.uid];
    return owners.every((uid) => uid === user || uid === 0) ? 'own' : 'of another user';
  } catch {
    // A folder that this user may not enter.
    return 'none';
  }
}
