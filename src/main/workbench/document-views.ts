import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DocumentView } from '#shared/contract/documents.ts';
import { kindOfPath } from '#shared/document/catalogue.ts';
import { nameOf } from '#shared/document/document-path.ts';
import { type EndpointDocument, endpointKind } from '#shared/document/kinds/endpoint.ts';
import { metaPathOf } from '#shared/document/kinds/payload.ts';
import { type PayloadMeta, payloadMetaKind } from '#shared/document/kinds/payload-meta.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Result } from '#shared/failure.ts';
import { formatHostPort } from '#shared/socket/address.ts';
import type { Entry } from '#workspace/scan.ts';

/** How long documents are parsed before sockets get a turn. Milliseconds. */
const sliceMs = 8;

/** Reads the bytes of a document. */
type ReadDocument = (path: string) => Promise<Result<{ readonly bytes: Uint8Array }>>;

interface Known {
  /** Changes with what the view shows. */
  readonly key: string;
  readonly view: DocumentView;
}

/**
 * The documents of a workspace as pages see them. A document is read and parsed once per version: a view that has not changed is the same
 * object as before.
 */
export class DocumentViews {
  readonly #read: ReadDocument;
  #known = new Map<string, Known>();

  constructor(read: ReadDocument) {
    this.#read = read;
  }

  /**
   * Returns the views of `entries`. After `budgetMs`, documents that were not parsed before are returned without what their content
   * says, and `isComplete` is false: ask again.
   */
  async of(entries: readonly Entry[], budgetMs: number): Promise<{ views: DocumentView[]; isComplete: boolean }> {
    const byPath = new Map(entries.map((entry) => [entry.path, entry]));
    const known = new Map<string, Known>();
    const views: DocumentView[] = [];
    const startedAt = performance.now();
    let sliceAt = startedAt;
    let isComplete = true;
    for (const entry of entries) {
      const meta = byPath.get(metaPathOf(entry.path));
      const key = keyOf(entry, meta);
      let found = this.#known.get(entry.path);
      if (found?.key !== key) {
        const isOver = needsContent(entry, meta) && performance.now() - startedAt > budgetMs;
        isComplete &&= !isOver;
        const view = isOver ? bareView(entry) : await this.#viewOf(entry, meta);
        found = { key: isOver ? '' : key, view };
      }
      known.set(entry.path, found);
      views.push(found.view);
      if (performance.now() - sliceAt < sliceMs) continue;
      await nextTurn();
      sliceAt = performance.now();
    }
    this.#known = known;
    return { views, isComplete };
  }

  async #viewOf(entry: Entry, meta: Entry | undefined): Promise<DocumentView> {
    const bare = bareView(entry);
    if (!needsContent(entry, meta)) return bare;
    const path = bare.kind === 'payload' && meta ? meta.path : entry.path;
    const kind = kindOfPath(path);
    const content = await this.#read(path);
    // The meta file shows its problem itself.
    if (!content.ok) return path === entry.path ? { ...bare, problem: content.error } : bare;
    const parsed = kind?.parse(content.value.bytes, { path });
    if (!parsed) return bare;
    if (parsed.ok) return { ...bare, ...summaryOf(path, parsed.value.value) };
    if (path !== entry.path) return bare;
    const { error, line, column } = parsed;
    return { ...bare, problem: { ...error, line, column } };
  }
}

/** Returns what a view depends on. */
function keyOf({ kind, version, size, problem }: Entry, meta: Entry | undefined): string {
  return JSON.stringify([kind, version, size, problem?.system, meta?.version, meta?.problem?.system]);
}

function bareView({ path, kind, size, version, problem }: Entry): DocumentView {
  const view: DocumentView = {
    path,
    kind: kind === 'folder' ? 'folder' : (kindOfPath(path)?.kind ?? 'other'),
    size,
    version,
  };
  return problem ? { ...view, problem } : view;
}

/** Returns true if the view of a document shows something of its content, or of its meta file. */
function needsContent({ path, kind, version }: Entry, meta: Entry | undefined): boolean {
  const document = kind === 'file' && version !== '' ? kindOfPath(path) : undefined;
  return document?.kind === 'payload' ? meta !== undefined && meta.version !== '' : document?.schema !== undefined;
}

function summaryOf(path: string, value: unknown): Partial<DocumentView> {
  const kind = kindOfPath(path)?.kind;
  // The kinds of the catalogue differ in their values.
  if (kind === endpointKind.kind) return { endpoint: endpointSummary(path, value as EndpointDocument) };
  if (kind === payloadMetaKind.kind) {
    const { template, favourite, note } = value as PayloadMeta;
    return { payload: { template, favourite, note } };
  }
  const { name } = value as { readonly name?: string };
  return name === undefined ? {} : { name };
}

function endpointSummary(path: string, { config, colour }: EndpointDocument): DocumentView['endpoint'] {
  const { role, transport, name } = config;
  // Where the file has no name, the configuration has the default, which is that of the role.
  const isOwn = name !== '' && name !== role;
  return { name: isOwn ? name : nameOf(endpointKind, path), role, transport, address: addressOf(config), colour };
}

function addressOf(config: EndpointConfig): string {
  return config.transport === 'local' ? config.path : formatHostPort(config.host, config.port);
}
