import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DocumentValue } from '#shared/contract/documents.ts';
import { freePath, parseDocumentPath } from '#shared/document/document-path.ts';
import { metaPathOf, payloadFormatOf } from '#shared/document/kinds/payload.ts';
import { fail } from '#shared/failure.ts';
import { createKeptDrafts, putKept, takeKept } from '../../state/kept-drafts.ts';
import { showFailure, showOffer } from '../../state/notices.ts';
import { openPayload, reopenKept } from '../../state/payload-documents.ts';
import { createFolder, duplicatePayload, movePayloads, removePayloads } from '../../state/payload-files.ts';
import { baseName, folderOf, withEnding } from '../../state/payload-text.ts';
import type { Services } from '../../state/services.ts';
import { setLayout } from '../../state/settings.ts';
import { activeTab } from '../../state/tabs.ts';
import { loadWorkspace, perWorkspace } from '../../state/workspace.ts';
import { isInside, outermost, payloadRoot } from './library-rows.ts';
import { strings } from './strings.ts';

interface LibraryState {
  readonly collapsed: ReadonlySet<string>;
  readonly query: string;
  readonly selected: ReadonlySet<string>;
  /** The row that the keys move from. */
  readonly cursor: string | undefined;
  /** The document or folder whose name is being edited. */
  readonly renaming: string | undefined;
}

/** Creates the state of the payloads in the side bar. */
export function createLibrary({ workspace }: Services): StoreApi<LibraryState> {
  const store = createStore<LibraryState>(() => ({
    ...{ collapsed: new Set(), query: '', selected: new Set(), cursor: undefined, renaming: undefined },
  }));
  return perWorkspace(workspace, store);
}

function library(services: Services): StoreApi<LibraryState> {
  return services.own(createLibrary);
}

const isUnsaved = (services: Services, path: string) =>
  services.own(createKeptDrafts).getState().byKey.get(path)?.document === undefined &&
  !services.workspace.getState().documents.has(path);

/** Returns the documents and folders that are selected. */
export function selectedPaths(services: Services): string[] {
  const { documents } = services.workspace.getState();
  return [...library(services).getState().selected].filter((path) => documents.has(path));
}

/** Shows a payload, or one that was never saved, in the composer of the active tab. */
export async function openInComposer(services: Services, path: string): Promise<void> {
  const tab = activeTab(services.tabs.getState());
  if (tab?.kind !== 'endpoint') {
    const hint = 'Launch a server or connect to one: its tab has the composer.';
    showFailure(
      services.notices,
      fail('wrong-state', 'Could not open the payload', { system: 'no endpoint is shown', hint }).error,
    );
    return;
  }
  setLayout(services.settings, 'composer.open', true);
  if (isUnsaved(services, path)) await reopenKept(services, tab.id, path);
  else await openPayload(services, tab.id, path);
}

/** Returns the folder of the selected row, in which new documents are created. */
export function selectedFolder(services: Services): string {
  const { cursor } = library(services).getState();
  const view = cursor === undefined ? undefined : services.workspace.getState().documents.get(cursor);
  if (!view || !isInside(view.path, payloadRoot)) return payloadRoot;
  return view.kind === 'folder' ? view.path : folderOf(view.path);
}

function freeIn(services: Services, folder: string, name: string): string {
  const at = name.lastIndexOf('.');
  return freePath(`${folder}/${name}`, services.workspace.getState().documents.keys(), at > 0 ? name.slice(at) : '');
}

function reveal(services: Services, path: string, change: Partial<LibraryState> = {}): void {
  library(services).setState(({ collapsed }) => ({
    collapsed: new Set([...collapsed].filter((folder) => !isInside(path, folder))),
    query: '',
    selected: new Set([path]),
    cursor: path,
    ...change,
  }));
}

async function writeNew(services: Services, path: string, bytes: Uint8Array): Promise<boolean> {
  const written = await services.client.call('documents.write', { path, bytes, basedOn: 'new' });
  if (!written.ok) showFailure(services.notices, written.error);
  return written.ok && written.value.kind === 'saved';
}

/** Creates an empty payload in the selected folder, shows it in the composer and lets the user name it. */
export async function newPayload(services: Services): Promise<void> {
  const path = freeIn(services, selectedFolder(services), strings.payloadName);
  if (!(await writeNew(services, path, new Uint8Array()))) return;
  await loadWorkspace(services.client, services.workspace);
  reveal(services, path, { renaming: path });
  if (activeTab(services.tabs.getState())?.kind === 'endpoint') await openInComposer(services, path);
}

/** Creates a folder in the selected one and lets the user name it. */
export async function newFolder(services: Services): Promise<void> {
  const path = freeIn(services, selectedFolder(services), strings.folderName);
  if (await createFolder(services, path)) reveal(services, path, { renaming: path });
}

/** Renames a document or folder; a payload keeps its ending unless the name has another one. A failure is shown. */
export async function rename(services: Services, path: string, name: string): Promise<void> {
  library(services).setState({ renaming: undefined });
  const trimmed = name.trim();
  const isFolder = services.workspace.getState().documents.get(path)?.kind === 'folder';
  const format = payloadFormatOf(path);
  const full = isFolder || format === undefined ? trimmed : withEnding(trimmed, format === 'binary' ? 'hex' : format);
  if (trimmed === '' || full === baseName(path)) return;
  const to = parseDocumentPath(`${folderOf(path)}/${full}`);
  const isOne = !full.includes('/');
  const failure =
    !to.ok || !isOne
      ? fail('bad-input', strings.sameName(baseName(path)), {
          system: to.ok ? 'a name cannot contain “/”' : to.error.system,
          hint: 'Use another name.',
        }).error
      : await movePayloads(services, [{ from: path, to: to.value }]);
  if (failure) showFailure(services.notices, failure);
  else if (to.ok) reveal(services, to.value);
}

/** Moves documents and folders to a folder. A failure is shown. */
export async function moveTo(services: Services, paths: readonly string[], folder: string): Promise<void> {
  const moves = outermost(paths)
    .filter((path) => folderOf(path) !== folder && path !== folder && !isInside(folder, path))
    .map((from) => ({ from, to: `${folder}/${baseName(from)}` }));
  if (moves.length === 0) return;
  const failure = await movePayloads(services, moves);
  if (failure) showFailure(services.notices, failure);
  else library(services).setState({ selected: new Set(moves.map(({ to }) => to)), cursor: moves[0]?.to });
}

/** Copies the selected payloads. */
export async function duplicate(services: Services, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const copy = await duplicatePayload(services, path);
    if (copy !== undefined) reveal(services, copy);
  }
}

/** Deletes documents and folders, and offers to undo it; discards drafts that were never saved. */
export async function remove(services: Services, paths: readonly string[]): Promise<void> {
  discard(
    services,
    paths.filter((path) => isUnsaved(services, path)),
  );
  const { documents } = services.workspace.getState();
  const found = outermost(paths.filter((path) => documents.has(path)));
  if (found.length > 0) await removePayloads(services, found, strings);
}

type Meta = Extract<DocumentValue, { kind: 'payload-meta' }>;

/** Discards payloads that were never saved and that no tab shows, and offers to undo it. */
function discard(services: Services, keys: readonly string[]): void {
  const kept = services.own(createKeptDrafts);
  const taken = keys.flatMap((key) => takeKept(kept, key) ?? []);
  const [first] = taken;
  if (!first) return;
  showOffer(services.notices, {
    text: strings.discarded(taken.length, first.name),
    detail: '',
    label: strings.undo,
    run: () => {
      for (const draft of taken) putKept(kept, draft);
    },
  });
}

/** Discards all payloads that were never saved and that no tab shows. */
export function discardUnsaved(services: Services): void {
  discard(services, unsavedKeys(services));
}

/** Returns the keys of the payloads that were never saved and that no tab shows. */
export function unsavedKeys(services: Services): string[] {
  return [...services.own(createKeptDrafts).getState().byKey.keys()].filter((key) => isUnsaved(services, key));
}

/** Adds a payload to the favourites with the first free key, or removes it from them. */
export async function toggleFavourite(services: Services, path: string): Promise<void> {
  const { client, notices, workspace } = services;
  const { documents } = workspace.getState();
  const metaPath = metaPathOf(path);
  const meta = documents.has(metaPath) ? await client.call('documents.value', { path: metaPath }) : undefined;
  if (meta && !meta.ok) return showFailure(notices, meta.error);
  const before = meta?.ok && meta.value.value.kind === 'payload-meta' ? meta.value.value : undefined;
  const used = new Set([...documents.values()].map(({ payload }) => payload?.favourite));
  const favourite =
    before?.favourite === undefined ? [1, 2, 3, 4, 5, 6, 7, 8, 9].find((key) => !used.has(key)) : undefined;
  const usual: Meta = { kind: 'payload-meta', template: false, encoding: 'utf-8' };
  const { favourite: _before, ...rest } = before ?? usual;
  const value = { ...rest, ...(favourite === undefined ? {} : { favourite }) };
  const basedOn = meta?.ok ? meta.value.version : 'new';
  const put = await client.call('documents.put', { path: metaPath, value, basedOn });
  if (!put.ok) showFailure(notices, put.error);
  await loadWorkspace(client, workspace);
}

/** Returns the payload with the key `favourite`. */
export function favouriteOf({ workspace }: Services, favourite: number): string | undefined {
  return [...workspace.getState().documents.values()].find(({ payload }) => payload?.favourite === favourite)?.path;
}
