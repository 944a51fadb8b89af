import fs from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from '#files/private-files.ts';
import type { CallInput, CallOutput, WorkbenchEvent } from '#shared/contract/contract.ts';
import { fileNameOf, freePath } from '#shared/document/document-path.ts';
import { checkVersion } from '#shared/document/kinds/workspace.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { manifestName } from '#workspace/document-path.ts';
import { attempt } from '#workspace/folder-files.ts';
import { KeptWorkspaces, openDefaultWorkspace } from '#workspace/kept-workspaces.ts';
import { FileSecretStore, type SecretStore } from '#workspace/secrets.ts';
import { Workspace } from '#workspace/workspace.ts';
import { createWorkspaceFolder, defaultName, newWorkspaceFiles } from '#workspace/workspace-folder.ts';
import type { FileGrants } from './file-grants.ts';
import { OpenWorkspace } from './open-workspace.ts';

/** What the workspaces need of the app. */
export interface WorkspacesOptions {
  /** The app's data folder. */
  readonly home: string;
  /** The folder of what ships with Wirebench. */
  readonly resources: string;
  readonly files: FileGrants;
  readonly emit: (event: WorkbenchEvent) => void;
  /** Returns the secrets of a workspace; without it, they are in files of the app's folder. */
  readonly secretStore?: ((workspaceId: string) => SecretStore) | undefined;
}

/** The id with which pages open the default workspace. */
const defaultId = 'default';

/**
 * The workspace that is open, one for all pages: at first the one that was open last, or the default one. Nothing is read before a page
 * asks for it.
 */
export class Workspaces {
  readonly kept: KeptWorkspaces;
  readonly #options: WorkspacesOptions;
  #open: OpenWorkspace | undefined;
  /** One is opened after the other. */
  #opening: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: WorkspacesOptions) {
    this.#options = options;
    this.kept = new KeptWorkspaces(options.home);
  }

  /** Returns the open workspace; opens one if none is. Fails as `Workspace.open` does. */
  async current(): Promise<Result<OpenWorkspace>> {
    return await this.#inTurn(async () => (this.#open ? ok(this.#open) : await this.#openFirst()));
  }

  /** Opens a workspace in place of the open one, and returns it. Fails with `not-found`, or as `Workspace.open` does. */
  async open({ id, folder: handle }: CallInput<'workspace.open'>): Promise<Result<OpenWorkspace>> {
    return await this.#inTurn(async () => {
      if (id === defaultId) return await this.#replaceBy(await this.#default());
      const folder = handle === undefined ? await this.#recentFolder(id) : this.#options.files.findFolder(handle);
      return folder.ok ? await this.#replaceBy(await openReadable(folder.value)) : folder;
    });
  }

  /** Creates a workspace and opens it. Fails with `wrong-state` if the folder is one already, with `file` if the system refuses. */
  async create({ name, folder: handle }: CallInput<'workspace.create'>): Promise<Result<OpenWorkspace>> {
    return await this.#inTurn(async () => {
      const folder = handle === undefined ? await this.#newFolder(name) : this.#options.files.findFolder(handle);
      if (!folder.ok) return folder;
      const { manifest, files } = await newWorkspaceFiles(this.#options.resources, name);
      const created = await createWorkspaceFolder(folder.value, manifest, files);
      return created.ok ? await this.#replaceBy(await openReadable(folder.value)) : created;
    });
  }

  /** Returns the workspaces that were open before, the last one first. */
  async recent(): Promise<CallOutput<'workspace.recent'>> {
    const found = await this.kept.recent();
    return { workspaces: found.map(({ path, ...rest }) => ({ ...rest, folder: path })) };
  }

  /** Looks for changes by other programs, if a workspace is open. */
  async rescan(): Promise<void> {
    await this.#open?.files.rescan();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening;
    await this.#open?.close();
  }

  #inTurn<T>(act: () => Promise<Result<T>>): Promise<Result<T>> {
    const done = this.#opening.then(() => (this.#isClosed ? fail('closed', 'Wirebench is ending') : act()));
    this.#opening = done.catch(() => {});
    return done;
  }

  async #openFirst(): Promise<Result<OpenWorkspace>> {
    const [last] = await this.kept.recent();
    const reopened = last && !last.isMissing ? await openReadable(last.path) : undefined;
    const files = reopened?.ok ? reopened : await this.#default();
    return files.ok ? ok(await this.#take(files.value)) : files;
  }

  async #replaceBy(files: Result<Workspace>): Promise<Result<OpenWorkspace>> {
    if (!files.ok) return files;
    const before = this.#open;
    const opened = await this.#take(files.value);
    await before?.close();
    this.#options.emit({ kind: 'workspace', replaced: true, changed: [], removed: [] });
    return ok(opened);
  }

  async #take(files: Workspace): Promise<OpenWorkspace> {
    const { home, emit, secretStore } = this.#options;
    const secrets = secretStore?.(files.id) ?? new FileSecretStore(home, files.id);
    const opened = await OpenWorkspace.open(files, { home, secrets, emit });
    this.#open = opened;
    // Without this note, the workspace is only missing in the list.
    await this.kept.noteOpened(files, await opened.name());
    return opened;
  }

  async #default(): Promise<Result<Workspace>> {
    const files = await newWorkspaceFiles(this.#options.resources, defaultName);
    return await readable(await openDefaultWorkspace(this.#options.home, files));
  }

  async #recentFolder(id: string | undefined): Promise<Result<string>> {
    const found = (await this.kept.recent()).find((one) => one.id === id);
    if (found) return ok(found.path);
    return fail('not-found', 'Could not open the workspace', {
      system: 'it is not in the list of recent workspaces',
      hint: 'Select its folder.',
    });
  }

  /** Creates a folder for a workspace called `name` in the app's folder. */
  async #newFolder(name: string): Promise<Result<string>> {
    const parent = join(this.#options.home, 'workspaces');
    return await attempt(`Could not create the workspace “${name}”`, () => {
      makePrivateFolder(parent);
      const word = fileNameOf(name);
      // What the app keeps of each workspace is in folders there with such names.
      const safe = /^[0-9a-f]{32}$/.test(word) ? `workspace-${word}` : word;
      const folder = join(parent, freePath(safe, fs.readdirSync(parent), ''));
      makePrivateFolder(folder);
      return folder;
    });
  }
}

async function openReadable(folder: string): Promise<Result<Workspace>> {
  return await readable(await Workspace.open(folder));
}

/** Closes and refuses a workspace whose format has a higher version: saving could damage it. */
async function readable(opened: Result<Workspace>): Promise<Result<Workspace>> {
  if (!opened.ok) return opened;
  const manifest = await opened.value.read(manifestName);
  const checked = manifest.ok ? checkVersion(manifest.value.bytes) : ok(undefined);
  if (checked.ok) return opened;
  await opened.value.close();
  return { ok: false, error: { ...checked.error, message: `Could not open the workspace “${opened.value.folder}”` } };
}
