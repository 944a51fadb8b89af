import fs from 'node:fs';
import { join, resolve } from 'node:path';
import type { DocumentKind, Notice } from '#shared/document/document-kind.ts';
import { findByName, type Place, pathProblem } from '#shared/document/document-path.ts';
import { type EndpointDocument, endpointKind } from '#shared/document/kinds/endpoint.ts';
import { type Environment, environmentKind } from '#shared/document/kinds/environment.ts';
import { metaPathOf, payloadFormatOf, payloadKind } from '#shared/document/kinds/payload.ts';
import { defaultPayloadMeta, type PayloadMeta, payloadMetaKind } from '#shared/document/kinds/payload-meta.ts';
import { workspaceKind } from '#shared/document/kinds/workspace.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { homeFolder } from '#workbench/workbench.ts';
import { manifestName } from '#workspace/document-path.ts';
import { KeptValues } from '#workspace/kept-values.ts';
import { openDefaultWorkspace } from '#workspace/kept-workspaces.ts';
import { FileSecretStore, type SecretStore } from '#workspace/secrets.ts';
import { Workspace } from '#workspace/workspace.ts';
import { defaultName, findWorkspace, newWorkspaceFiles } from '#workspace/workspace-folder.ts';
import { exitCodes, note, reportFailure } from './output.ts';

/* The workspace of a command. Import this module when a command uses the workspace: an ordinary `send HOST:PORT` does not load it. */

/** A payload with what its meta file says. */
export interface PayloadDocument {
  readonly path: string;
  readonly format: NonNullable<ReturnType<typeof payloadFormatOf>>;
  readonly bytes: Uint8Array;
  readonly meta: PayloadMeta;
}

/** An environment with its path. */
interface EnvironmentDocument extends Environment {
  readonly path: string;
}

/** The workspace of a command, and what this machine keeps for it. Must be closed. */
export class CommandWorkspace {
  readonly workspace: Workspace;
  readonly secrets: SecretStore;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
    this.secrets = new FileSecretStore(homeFolder(), workspace.id);
  }

  /** Returns the paths of the documents of a kind, sorted. */
  paths({ folder, endings }: Place): string[] {
    const known = this.workspace.list().filter(({ kind }) => kind === 'file');
    return known
      .map(({ path }) => path)
      .filter((path) => path.startsWith(`${folder}/`) && endings.some((ending) => path.endsWith(ending)));
  }

  /** Finds and reads an endpoint with the secrets and files of this machine. Fails with `not-found`, `bad-input` (ambiguous) or `file`. */
  async endpoint(name: string): Promise<Result<EndpointDocument & { readonly path: string }>> {
    const found = await this.find(endpointKind, name);
    if (!found.ok) return found;
    const { path, bytes } = found.value;
    const context = { path, root: this.workspace.folder };
    const first = endpointKind.parse(bytes, context);
    if (!first.ok) return first;
    const kept = await new KeptValues(homeFolder(), this.workspace.id, this.secrets).lookUp(first.value.references);
    const parsed = endpointKind.parse(bytes, { ...context, kept });
    if (!parsed.ok) return parsed;
    noteAll(path, parsed.value.notices);
    return ok({ ...parsed.value.value, path });
  }

  /** Finds and reads a payload with its meta file. Fails with `not-found`, `bad-input` (ambiguous) or `file`. */
  async payload(name: string): Promise<Result<PayloadDocument>> {
    const found = await this.find(payloadKind, name);
    if (!found.ok) return found;
    const { path, bytes } = found.value;
    const meta = await this.meta(path);
    if (!meta.ok) return meta;
    return ok({ path, bytes, meta: meta.value, format: payloadFormatOf(path) ?? 'binary' });
  }

  /** Reads the meta file of the payload at `path`; the defaults without one. */
  async meta(path: string): Promise<Result<PayloadMeta>> {
    const metaPath = metaPathOf(path);
    if (!this.workspace.list().some((entry) => entry.path === metaPath)) return ok(defaultPayloadMeta);
    return await this.parse(payloadMetaKind, metaPath);
  }

  /** Finds and reads an environment. Fails with `not-found`, `bad-input` (ambiguous) or `file`. */
  async environment(name: string): Promise<Result<EnvironmentDocument>> {
    const found = this.#pathOf(environmentKind, name);
    if (!found.ok) return found;
    const read = await this.parse(environmentKind, found.value);
    return read.ok ? ok({ ...read.value, path: found.value }) : read;
  }

  /** Reads the document at `path`, and says on the error output which of its keys are unknown. Fails with `not-found` or `file`. */
  async parse<Value>(kind: DocumentKind<Value>, path: string): Promise<Result<Value>> {
    const read = await this.workspace.read(path);
    if (!read.ok) return read;
    const parsed = kind.parse(read.value.bytes, { path, root: this.workspace.folder });
    if (!parsed.ok) return parsed;
    noteAll(path, parsed.value.notices);
    return ok(parsed.value.value);
  }

  close(): Promise<void> {
    return this.workspace.close();
  }

  #pathOf(kind: Place & { readonly label: string }, name: string): Result<string> {
    const found = findByName(kind, name, this.paths(kind), kind.label);
    if (found.ok || found.error.code !== 'not-found') return found;
    return { ok: false, error: { ...found.error, system: `the workspace is ${this.workspace.folder}` } };
  }

  /** Finds a document, and reads its file. Fails with `not-found`, `bad-input` (ambiguous) or `file`. */
  async find(
    kind: Place & { readonly label: string },
    name: string,
  ): Promise<Result<{ path: string; bytes: Uint8Array }>> {
    const path = this.#pathOf(kind, name);
    if (!path.ok) return path;
    const read = await this.workspace.read(path.value);
    return read.ok ? ok({ path: path.value, bytes: read.value.bytes }) : read;
  }
}

/**
 * Opens the workspace in `folder`; without it, the nearest parent folder that is one, else the default one, which is created if
 * `create` is set. Says on the error output that workspaces of other users were passed over.
 */
export async function openWorkspace(folder: string | undefined, create = false): Promise<Result<CommandWorkspace>> {
  const options = { pathProblem };
  const found = folder === undefined ? nearest() : resolve(folder);
  if (found !== undefined) return wrap(await Workspace.open(found, options));
  const home = homeFolder();
  const byDefault = join(home, 'workspace');
  if (fs.existsSync(join(byDefault, manifestName))) return wrap(await Workspace.open(byDefault, options));
  if (create) {
    const { resourcesFolder } = await import('./run.ts');
    const files = await newWorkspaceFiles(resourcesFolder(), defaultName);
    return wrap(await openDefaultWorkspace(home, files, options));
  }
  return fail('not-found', 'There is no workspace', {
    system: `neither this folder nor one above it contains ${manifestName}, and the app has not been started yet`,
    hint: 'Name a folder with --workspace.',
  });
}

function nearest(): string | undefined {
  const { folder, passedOver } = findWorkspace(process.cwd());
  for (const other of passedOver) {
    note(`The workspace ${other} belongs to another user and is not used. To use it: --workspace ${other}`);
  }
  return folder;
}

/** Checks that this Wirebench knows the format of the workspace. */
async function wrap(opened: Result<Workspace>): Promise<Result<CommandWorkspace>> {
  if (!opened.ok) return opened;
  const open = new CommandWorkspace(opened.value);
  const manifest = await open.parse(workspaceKind, manifestName);
  if (manifest.ok) return ok(open);
  await open.close();
  return manifest;
}

const maxNotices = 10;

/** Says on the error output what is strange in a document. */
function noteAll(path: string, notices: readonly Notice[]): void {
  for (const { text, line } of notices.slice(0, maxNotices)) {
    note(line === undefined ? `${path}: ${text}` : `${path}:${line}: ${text}`);
  }
  const more = notices.length - maxNotices;
  if (more > 0) note(`${path}: and ${more} more`);
}

/** The option that selects a workspace. */
export interface WorkspaceChoice {
  readonly workspace?: string | undefined;
}

/** Opens the workspace for `act`, closes it, and reports a failure. Returns the exit code. */
export async function withWorkspace(
  { workspace }: WorkspaceChoice,
  act: (open: CommandWorkspace) => Promise<Result<void>>,
  create = false,
): Promise<number> {
  const opened = await openWorkspace(workspace, create);
  const done = opened.ok ? await act(opened.value) : opened;
  if (opened.ok) await opened.value.close();
  if (done.ok) return exitCodes.done;
  reportFailure(done.error);
  return exitCodes.failed;
}
