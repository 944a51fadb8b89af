import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { CallInput, CallOutput } from '#shared/contract/contract.ts';
import type { Saved } from '#shared/contract/workspace.ts';
import { kindOfPath } from '#shared/document/catalogue.ts';
import type {
  DocumentContext,
  DocumentResult,
  ParsedDocument,
  WrittenDocument,
} from '#shared/document/document-kind.ts';
import type { EndpointDocument } from '#shared/document/kinds/endpoint.ts';
import { needsMeta, type PayloadMeta } from '#shared/document/kinds/payload-meta.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import {
  type KindValues,
  kindValue,
  pageValue,
  type ValueKind,
  valueKinds,
  withFiles,
  withKnownSecrets,
} from './document-values.ts';
import type { FileGrants } from './file-grants.ts';
import type { OpenWorkspace } from './open-workspace.ts';

/** A document that was read with what this machine has for it. */
interface ReadValue<Value> extends ParsedDocument<Value> {
  readonly version: string;
  readonly text: Uint8Array;
  /** The names of secrets and files that this machine does not have. */
  readonly missing: readonly string[];
}

/** The kind that a document must have for a call. */
type AnyKind = {
  readonly kind: ValueKind;
  parse(content: Uint8Array, context?: DocumentContext): DocumentResult<ParsedDocument<KindValues[ValueKind]>>;
  stringify(
    value: KindValues[ValueKind],
    previous?: string,
    context?: DocumentContext,
  ): DocumentResult<WrittenDocument<string>>;
};

/** Reads and writes the content of YAML documents for pages. */
export class DocumentContent {
  readonly #files: FileGrants;
  /** Returns the configuration of an endpoint with its secrets. */
  readonly #configOf: (endpoint: string) => EndpointConfig | undefined;

  constructor(files: FileGrants, configOf: (endpoint: string) => EndpointConfig | undefined) {
    this.#files = files;
    this.#configOf = configOf;
  }

  /** Returns the content of the document at `path` as a page sees it. */
  async value(workspace: OpenWorkspace, path: string): Promise<Result<CallOutput<'documents.value'>>> {
    const kind = valueKindOf(path);
    const read = kind.ok ? await readValue(workspace, path, kind.value) : kind;
    if (!kind.ok || !read.ok) return read as Result<never>;
    const { value, version, notices, missing } = read.value;
    const shown = pageValue(kind.value.kind, value, (file) => this.#grant(workspace, file));
    return ok({ value: shown, version, notices: [...notices], missing: [...missing] });
  }

  /** Returns the configuration of the endpoint at `path` with its secrets, and handles of its files. */
  async config(workspace: OpenWorkspace, path: string): Promise<Result<EndpointConfig>> {
    const kind = valueKindOf(path);
    if (!kind.ok) return kind;
    if (kind.value.kind !== 'endpoint') return notOf(path, 'an endpoint');
    const read = await readValue(workspace, path, kind.value);
    if (!read.ok) return read;
    const { config } = read.value.value as EndpointDocument;
    return ok(withFiles(config, (file) => this.#grant(workspace, file)));
  }

  /** Saves the content of a document if it has the version `basedOn`. What belongs to this machine is kept outside of the workspace. */
  async put(
    workspace: OpenWorkspace,
    { path, value, basedOn, endpoint }: CallInput<'documents.put'>,
  ): Promise<Result<Saved>> {
    const kind = valueKindOf(path);
    if (!kind.ok) return kind;
    if (kind.value.kind !== value.kind) return notOf(path, `the place of a document of the kind ${value.kind}`);
    const before = basedOn === 'new' ? ok(undefined) : await readValue(workspace, path, kind.value);
    if (!before.ok)
      return before.error.code === 'file' && !isThere(workspace, path) ? ok({ kind: 'conflict' }) : before;
    if (before.value && before.value.version !== basedOn) return await workspace.conflict(path);
    const sources = [endpoint === undefined ? undefined : this.#configOf(endpoint), configIn(before.value?.value)];
    const known = sources.filter((source) => source !== undefined);
    const whole = value.kind === 'endpoint' ? { ...value, config: withKnownSecrets(value.config, known) } : value;
    const made = kindValue(whole, {
      pathOf: (handle) => this.#files.pathOf(handle),
      references: before.value?.references ?? [],
    });
    if (!made.ok) return made;
    const isUsual = value.kind === 'payload-meta' && !needsMeta(made.value as PayloadMeta);
    if (isUsual && basedOn === 'new') return ok({ kind: 'saved', version: 'new' });
    return await this.#write(workspace, kind.value, { path, basedOn, value: made.value, text: before.value?.text });
  }

  async #write(
    workspace: OpenWorkspace,
    kind: AnyKind,
    given: {
      readonly path: string;
      readonly basedOn: string;
      readonly value: KindValues[ValueKind];
      readonly text: Uint8Array | undefined;
    },
  ): Promise<Result<Saved>> {
    const { path, basedOn, value, text } = given;
    const context = { path, root: workspace.files.folder };
    const previous = text && Buffer.from(text).toString();
    const written = kind.stringify(value, previous, context);
    if (!written.ok) return written;
    const bytes = Buffer.from(written.value.content);
    // What cannot be read again is not written: a name that no document can have.
    const read = kind.parse(bytes, context);
    if (!read.ok)
      return fail('bad-input', `Could not save “${path}”`, { system: read.error.system, hint: 'Correct it.' });
    if (kind.kind === 'payload-meta' && hasNothing(written.value.content))
      return await remove(workspace, path, basedOn);
    const kept = await workspace.kept.keep(written.value.kept);
    return kept.ok ? await workspace.write(path, bytes, basedOn) : kept;
  }

  /** Grants a file that a document names: one of the workspace only as long as it is not a link. */
  #grant(workspace: OpenWorkspace, path: string): string {
    const { folder } = workspace.files;
    return path.startsWith(join(folder, sep)) ? this.#files.grantReadIn(folder, path) : this.#files.grantRead(path);
  }
}

/** Reads the document at `path` as its kind, with the secrets and paths that this machine has for it. */
async function readValue(
  workspace: OpenWorkspace,
  path: string,
  kind: AnyKind,
): Promise<Result<ReadValue<KindValues[ValueKind]>>> {
  const content = await workspace.read(path);
  if (!content.ok) return content;
  const { bytes, version } = content.value;
  const context = { path, root: workspace.files.folder };
  const parsed = kind.parse(bytes, context);
  if (!parsed.ok) return { ok: false, error: parsed.error };
  const { references } = parsed.value;
  // The values of an environment's secrets are not part of its content.
  if (kind.kind !== 'endpoint') return ok({ ...parsed.value, version, text: bytes, missing: [] });
  const kept = await workspace.kept.lookUp(references);
  const whole = kind.parse(bytes, { ...context, kept });
  if (!whole.ok) return { ok: false, error: whole.error };
  const missing = new Set<string>();
  for (const reference of references) {
    const known = kept(reference);
    if (known === undefined || (reference.kind === 'path' && !(await isFile(known)))) missing.add(reference.name);
  }
  return ok({ ...whole.value, version, text: bytes, missing: [...missing] });
}

/** Returns whether the file at `path` can be found: it may have been deleted, or be a copy that a browser uploaded to an earlier run. */
async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Returns true for YAML without values and comments, apart from the line that names its schema. */
function hasNothing(content: string): boolean {
  return content.split('\n').every((line) => /^\s*(?:# yaml-language-server:.*|\{\s*\})?\s*$/.test(line));
}

/** Removes the document at `path` if it still has the version `basedOn`. Afterwards it can be written again as a new one. */
async function remove(workspace: OpenWorkspace, path: string, basedOn: string): Promise<Result<Saved>> {
  const now = await workspace.read(path);
  if (!now.ok || now.value.version !== basedOn) return await workspace.conflict(path);
  const removed = await workspace.files.remove([path]);
  workspace.changed();
  return removed.ok ? ok({ kind: 'saved', version: 'new' }) : removed;
}

function configIn(value: KindValues[ValueKind] | undefined): EndpointConfig | undefined {
  return value && 'config' in value ? value.config : undefined;
}

function isThere({ files }: OpenWorkspace, path: string): boolean {
  return files.list().some((entry) => entry.path === path);
}

/** Returns the kind of the document at `path`, if pages edit its content as a value. */
function valueKindOf(path: string): Result<AnyKind> {
  const name = kindOfPath(path)?.kind;
  const kinds: Readonly<Record<string, unknown>> = valueKinds;
  if (name === undefined || !Object.hasOwn(kinds, name)) return notOf(path, 'a document with values');
  return ok(kinds[name] as AnyKind);
}

function notOf(path: string, what: string): Result<never> {
  return fail('bad-input', `Could not use “${path}”`, { system: `it is not ${what}`, hint: 'Use another path.' });
}
