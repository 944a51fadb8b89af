import type { DocumentView } from '#shared/contract/documents.ts';
import { payloadFormatOf } from '#shared/document/kinds/payload.ts';
import type { Draft } from '../../state/drafts.ts';
import type { KeptDraft } from '../../state/kept-drafts.ts';
import { baseName, folderOf } from '../../state/payload-text.ts';

/** The folder of payloads. */
export const payloadRoot = 'payloads';

interface TreeRow {
  /** The path of the document or folder, or the key of an unsaved payload. */
  readonly path: string;
  readonly name: string;
  /** Counted from 1, as `aria-level` is. */
  readonly level: number;
}

/** A row of the payloads. All rows have the same height. */
export type LibraryRowData =
  | (TreeRow & { readonly kind: 'folder'; readonly isOpen: boolean })
  | (TreeRow & {
      readonly kind: 'payload';
      /** The format by the ending: `json`. */
      readonly format: string;
      readonly isChanged: boolean;
      /** Why it cannot be used. */
      readonly problem: string | undefined;
      readonly favourite: number | undefined;
    })
  | (TreeRow & { readonly kind: 'unsaved'; readonly format: string });

interface LibraryContent {
  readonly documents: ReadonlyMap<string, DocumentView>;
  /** The payloads that were put away. */
  readonly kept: ReadonlyMap<string, KeptDraft>;
  /** The payloads that tabs show. */
  readonly drafts: Readonly<Record<string, Draft>>;
}

interface LibraryView {
  readonly collapsed: ReadonlySet<string>;
  readonly query: string;
}

/** Returns the rows: unsaved payloads, favourites in the order of their keys, then the tree. A query shows the matches without folders. */
export function libraryRows(
  { documents, kept, drafts }: LibraryContent,
  { collapsed, query }: LibraryView,
): LibraryRowData[] {
  const changed = new Set(
    Object.values(drafts).flatMap((draft) => (draft.changed || draft.conflict ? [draft.document ?? ''] : [])),
  );
  for (const key of kept.keys()) changed.add(key);
  const payloads = [...documents.values()].filter(({ kind }) => kind === 'payload');
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const row = (view: DocumentView, level: number): LibraryRowData => payloadRow(view, level, changed.has(view.path));

  const unsaved = [...kept.values()].filter(
    ({ document, changed: isChanged, name }) => document === undefined && isChanged && matches(name),
  );
  const rows: LibraryRowData[] = unsaved.map(({ key, name, format }) => ({
    ...{ kind: 'unsaved', path: key, name, level: 1, format },
  }));
  const favourites = payloads.filter(({ payload }) => payload?.favourite !== undefined);
  favourites.sort((one, other) => (one.payload?.favourite ?? 0) - (other.payload?.favourite ?? 0));
  const fits = ({ path, payload }: DocumentView) => matches(`${path} ${payload?.note ?? ''}`);
  for (const view of favourites.filter(fits)) rows.push(row(view, 1));
  const others = payloads.filter(({ payload }) => payload?.favourite === undefined);
  if (words.length > 0) {
    const found = others.filter(fits).sort(byPath);
    return [...rows, ...found.map((view) => row(view, 1))];
  }
  const folders = [...documents.values()].filter(({ kind, path }) => kind === 'folder' && isInside(path, payloadRoot));
  pushFolder(rows, payloadRoot, 1, { folders: byFolder(folders), files: byFolder(others), collapsed, row });
  return rows;
}

interface TreeParts {
  readonly folders: ReadonlyMap<string, readonly DocumentView[]>;
  readonly files: ReadonlyMap<string, readonly DocumentView[]>;
  readonly collapsed: ReadonlySet<string>;
  readonly row: (view: DocumentView, level: number) => LibraryRowData;
}

function pushFolder(rows: LibraryRowData[], folder: string, level: number, parts: TreeParts): void {
  for (const { path } of parts.folders.get(folder) ?? []) {
    const isOpen = !parts.collapsed.has(path);
    rows.push({ kind: 'folder', path, name: baseName(path), level, isOpen });
    if (isOpen) pushFolder(rows, path, level + 1, parts);
  }
  for (const view of parts.files.get(folder) ?? []) rows.push(parts.row(view, level));
}

function byFolder(views: readonly DocumentView[]): Map<string, DocumentView[]> {
  const folders = new Map<string, DocumentView[]>();
  for (const view of [...views].sort(byPath)) {
    const folder = folderOf(view.path);
    const inside = folders.get(folder);
    if (inside) inside.push(view);
    else folders.set(folder, [view]);
  }
  return folders;
}

const byPath = (one: DocumentView, other: DocumentView) => (one.path < other.path ? -1 : 1);

/** Returns true if `path` is in `folder`, at any depth. */
export function isInside(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function payloadRow({ path, problem, payload }: DocumentView, level: number, isChanged: boolean): LibraryRowData {
  return {
    kind: 'payload',
    path,
    name: baseName(path),
    level,
    format: payloadFormatOf(path) ?? '',
    isChanged,
    problem: problem && [problem.message, problem.system, problem.hint].filter(Boolean).join('. '),
    favourite: payload?.favourite,
  };
}

/** Returns the selection after a click on row `at`: with `range` all rows from `from`, with `toggle` one more or less. */
export function selectedByClick(
  rows: readonly LibraryRowData[],
  selected: ReadonlySet<string>,
  {
    at,
    from,
    range,
    toggle,
  }: { readonly at: number; readonly from: number; readonly range: boolean; readonly toggle: boolean },
): Set<string> {
  const path = rows[at]?.path;
  if (path === undefined) return new Set(selected);
  if (range && from >= 0) {
    return new Set(rows.slice(Math.min(at, from), Math.max(at, from) + 1).map((row) => row.path));
  }
  if (!toggle) return new Set([path]);
  const next = new Set(selected);
  if (!next.delete(path)) next.add(path);
  return next;
}

/** Returns `paths` without those whose folder is also in it: they move and go with it. */
export function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => other !== path && isInside(path, other)));
}
