import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DocumentView } from '#shared/contract/documents.ts';
import { fileNameOf } from '#shared/document/document-path.ts';
import { type Action, contextOf, listed } from '../../state/action.ts';
import { showDialog } from '../../state/dialogs.ts';
import {
  documentName,
  duplicateDocument,
  hasFileManager,
  removeDocuments,
  showInFileManager,
} from '../../state/document-commands.ts';
import { showFailure } from '../../state/notices.ts';
import { moveSaved } from '../../state/saved-changes.ts';
import { isSavedEndpoint, openFolder, openSaved, saveEndpoint } from '../../state/saved-endpoints.ts';
import type { Services } from '../../state/services.ts';
import type { MenuItem } from '../../ui/popover.tsx';
import { strings } from './strings.ts';

/** A row of the section of saved endpoints, as high as the other rows of the side bar. */
export type SavedRowData =
  | { readonly kind: 'saved-heading' }
  /** `isFiltered`: no endpoint matches the search. */
  | { readonly kind: 'saved-empty'; readonly isFiltered: boolean }
  | { readonly kind: 'saved-folder'; readonly view: DocumentView; readonly depth: number; readonly collapsed: boolean }
  | { readonly kind: 'saved'; readonly view: DocumentView; readonly depth: number };

/** The folder of saved endpoints. */
export const savedRoot = 'endpoints';

interface SavedSection {
  /** The folder whose name is being edited. */
  readonly renaming: string | undefined;
  /** The words that are searched for. */
  readonly query: string;
}

/** Creates the state of the section. */
export function createSavedSection(): StoreApi<SavedSection> {
  return createStore<SavedSection>(() => ({ renaming: undefined, query: '' }));
}

/** Moves a saved endpoint or a folder of them into `folder`. A failure is shown. */
export async function moveInto(services: Services, path: string, folder: string): Promise<void> {
  const to = `${folder}/${path.slice(path.lastIndexOf('/') + 1)}`;
  const isInItself = folder === path || folder.startsWith(`${path}/`);
  if (to === path || isInItself || !services.workspace.getState().documents.has(path)) return;
  const failure = await moveSaved(services, path, to);
  if (failure) showFailure(services.notices, failure);
}

/** Renames a folder of saved endpoints. A failure is shown. */
export async function renameFolder(services: Services, path: string, name: string): Promise<void> {
  services.own(createSavedSection).setState({ renaming: undefined });
  const to = `${path.slice(0, path.lastIndexOf('/'))}/${fileNameOf(name)}`;
  const failure = name.trim() === '' ? undefined : await moveSaved(services, path, to);
  if (failure) showFailure(services.notices, failure);
}

interface Folder {
  readonly view: DocumentView;
  readonly folders: Folder[];
  readonly endpoints: DocumentView[];
}

function emptyFolder(path: string): Folder {
  return { view: { path, kind: 'folder', size: 0, version: '' }, folders: [], endpoints: [] };
}

/**
 * Returns the rows of the saved endpoints of a workspace: folders first, each in the order of its names. A query shows the endpoints whose
 * path, name or address has all its words, without folders.
 */
export function savedRows(
  documents: ReadonlyMap<string, DocumentView>,
  collapsed: ReadonlySet<string>,
  query = '',
): SavedRowData[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) return foundRows(documents, words);
  const top = emptyFolder(savedRoot);
  const byPath = new Map([[savedRoot, top]]);
  const folderAt = (path: string): Folder => {
    const known = byPath.get(path);
    if (known) return known;
    const folder = emptyFolder(path);
    byPath.set(path, folder);
    folderAt(path.slice(0, path.lastIndexOf('/'))).folders.push(folder);
    return folder;
  };
  for (const view of documents.values()) {
    const { path, kind } = view;
    if (!path.startsWith(`${savedRoot}/`)) continue;
    if (kind === 'folder') folderAt(path);
    else if (isSavedEndpoint(view)) folderAt(path.slice(0, path.lastIndexOf('/'))).endpoints.push(view);
  }
  const rows: SavedRowData[] = [{ kind: 'saved-heading' }];
  pushFolder(rows, top, collapsed, 0);
  if (rows.length === 1) rows.push({ kind: 'saved-empty', isFiltered: false });
  return rows;
}

function foundRows(documents: ReadonlyMap<string, DocumentView>, words: readonly string[]): SavedRowData[] {
  const found = [...documents.values()].filter((view) => {
    const text = `${view.path} ${savedName(view)} ${view.endpoint?.address ?? ''}`.toLowerCase();
    return isSavedEndpoint(view) && words.every((word) => text.includes(word));
  });
  const rows = found.sort(byPath).map((view): SavedRowData => ({ kind: 'saved', view, depth: 0 }));
  return [
    { kind: 'saved-heading' },
    ...(rows.length > 0 ? rows : [{ kind: 'saved-empty', isFiltered: true } as const]),
  ];
}

const byPath = (one: DocumentView, other: DocumentView) => one.path.localeCompare(other.path);

function pushFolder(rows: SavedRowData[], folder: Folder, collapsed: ReadonlySet<string>, depth: number): void {
  for (const inner of folder.folders.sort((one, other) => byPath(one.view, other.view))) {
    const isCollapsed = collapsed.has(inner.view.path);
    rows.push({ kind: 'saved-folder', view: inner.view, depth, collapsed: isCollapsed });
    if (!isCollapsed) pushFolder(rows, inner, collapsed, depth + 1);
  }
  for (const view of folder.endpoints.sort(byPath)) rows.push({ kind: 'saved', view, depth });
}

/** Returns how the row of a saved endpoint names it: its own name or, without one, the name of its file. */
export function savedName({ path, endpoint }: DocumentView): string {
  return endpoint && endpoint.name !== '' && endpoint.name !== endpoint.role ? endpoint.name : documentName(path);
}

const { saved: words } = strings;

/** Returns an action on the saved endpoint or the folder in the context. */
function savedAction(
  id: string,
  label: string,
  applies: (view: DocumentView) => boolean,
  run: (services: Services, view: DocumentView) => void,
  danger = false,
): Action {
  return {
    id,
    label,
    title: ({ saved }) => (saved ? `${label}: ${savedName(saved)}` : label),
    danger,
    applies: ({ saved }) => saved !== undefined && applies(saved),
    enabled: () => true,
    run: ({ services, saved }) => {
      if (saved) run(services, saved);
    },
  };
}

const isFolder = ({ kind }: DocumentView) => kind === 'folder';
const isEndpoint = (view: DocumentView) => !isFolder(view);

/** The actions that save the endpoint of the active tab. */
export const savingActions: readonly Action[] = [
  {
    id: 'save-endpoint',
    label: words.save,
    keys: 'Mod+S',
    within: '[data-part="endpoint"]',
    enabled: ({ services, tab }) => tab?.kind === 'endpoint' && services.workspace.getState().view !== undefined,
    run: ({ services, tab }) => {
      if (tab) void saveEndpoint(services, tab.id);
    },
  },
  {
    id: 'save-endpoint-as',
    label: words.saveAs,
    applies: ({ tab }) => tab?.kind === 'endpoint' && tab.document !== undefined,
    enabled: ({ services }) => services.workspace.getState().view !== undefined,
    run: ({ services, tab }) => {
      if (tab) showDialog(services.dialogs, { kind: 'save-endpoint', tab: tab.id });
    },
  },
];

/** The actions of the menu of a row. */
export const savedActions: readonly Action[] = [
  savedAction('open-saved', words.open, isEndpoint, (services, { path }) => void openSaved(services, path)),
  savedAction('open-folder', words.openFolder, isFolder, (services, { path }) => void openFolder(services, path)),
  savedAction(
    'change-saved',
    words.change,
    (view) => isEndpoint(view) && view.endpoint !== undefined && !view.problem,
    ({ dialogs }, { path }) => showDialog(dialogs, { kind: 'saved-endpoint', path }),
  ),
  {
    ...savedAction('rename-folder', words.rename, isFolder, (services, { path }) =>
      services.own(createSavedSection).setState({ renaming: path }),
    ),
    detail: 'F2',
  },
  savedAction('duplicate-saved', words.duplicate, isEndpoint, (services, { path }) => {
    void duplicateDocument(services, path);
  }),
  {
    ...savedAction(
      'show-saved',
      words.show,
      () => true,
      (services, { path }) => void showInFileManager(services, path),
    ),
    applies: ({ services, saved }) => saved !== undefined && hasFileManager(services),
  },
  savedAction(
    'delete-saved',
    words.remove,
    () => true,
    (services, { path }) => void removeDocuments(services, [path]),
    true,
  ),
];

/** Returns the menu of a row. */
export function savedItems(services: Services, view: DocumentView): MenuItem[] {
  return listed(savedActions, { ...contextOf(services), saved: view });
}
