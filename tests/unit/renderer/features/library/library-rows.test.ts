import { describe, expect, test } from 'vitest';
import type { DocumentView } from '#shared/contract/documents.ts';
import { libraryRows, outermost, selectedByClick } from '../../../../../src/renderer/features/library/library-rows.ts';
import { emptyDraft } from '../../../../../src/renderer/state/drafts.ts';
import { keptOf } from '../../../../../src/renderer/state/kept-drafts.ts';

function documentsOf(...views: (Partial<DocumentView> & { readonly path: string })[]): Map<string, DocumentView> {
  return new Map(views.map((view) => [view.path, { kind: 'payload', size: 1, version: 'v1', ...view }]));
}

const documents = documentsOf(
  { path: 'payloads', kind: 'folder' },
  { path: 'payloads/b.json' },
  { path: 'payloads/orders', kind: 'folder' },
  { path: 'payloads/orders/new.xml' },
  { path: 'payloads/a.hex', payload: { template: false, favourite: 2 } },
  { path: 'payloads/c.txt', payload: { template: false, favourite: 1 } },
  { path: 'endpoints/boiler.yaml', kind: 'endpoint' },
);
const nothing = { collapsed: new Set<string>(), query: '' };
const rowsOf = (view = nothing, content = {}) =>
  libraryRows({ documents, kept: new Map(), drafts: {}, ...content }, view);
const names = (rows: ReturnType<typeof rowsOf>) => rows.map(({ level, name }) => `${level} ${name}`);

describe('the rows of the payloads', () => {
  test('are the favourites by their keys, then folders and payloads by name', () => {
    expect(names(rowsOf())).toEqual(['1 c.txt', '1 a.hex', '1 orders', '2 new.xml', '1 b.json']);
  });

  test('leave out what is in a collapsed folder', () => {
    const rows = rowsOf({ ...nothing, collapsed: new Set(['payloads/orders']) });
    expect(names(rows)).toEqual(['1 c.txt', '1 a.hex', '1 orders', '1 b.json']);
  });

  test('are those whose path contains every word of the search, without folders', () => {
    expect(names(rowsOf({ ...nothing, query: 'ORD new' }))).toEqual(['1 new.xml']);
  });

  test('mark a payload with unsaved changes, in a tab or put away, and list those that were never saved', () => {
    const drafts = { t: { ...emptyDraft, document: 'payloads/b.json', changed: true } };
    const away = { ...keptOf(emptyDraft), key: 'payloads/orders/new.xml', document: 'payloads/orders/new.xml' };
    const never = { ...keptOf(emptyDraft), key: 'unsaved/1', name: 'untitled', changed: true };
    const sample = { ...never, key: 'unsaved/2', changed: false };
    const kept = new Map([away, never, sample].map((draft) => [draft.key, draft]));
    const rows = rowsOf(nothing, { drafts, kept });
    expect(rows[0]).toMatchObject({ kind: 'unsaved', path: 'unsaved/1' });
    const changed = rows.filter((row) => row.kind === 'payload' && row.isChanged).map(({ path }) => path);
    expect(changed).toEqual(['payloads/orders/new.xml', 'payloads/b.json']);
    expect(rows).toHaveLength(6);
  });

  test('say why a payload cannot be used', () => {
    const problem = { code: 'file', message: 'Could not read it', system: 'EACCES', hint: '' } as const;
    const [row] = rowsOf(nothing, { documents: documentsOf({ path: 'payloads/a.json', problem }) });
    expect(row).toMatchObject({ problem: 'Could not read it. EACCES' });
  });
});

test('a click selects one row, Ctrl one more or less, Shift all between', () => {
  const rows = rowsOf();
  const paths = rows.map(({ path }) => path);
  const plain = { from: 0, range: false, toggle: false };
  expect([...selectedByClick(rows, new Set(), { ...plain, at: 1 })]).toEqual([paths[1]]);
  expect([...selectedByClick(rows, new Set([paths[1] ?? '']), { ...plain, at: 2, toggle: true })]).toEqual([
    paths[1],
    paths[2],
  ]);
  expect([...selectedByClick(rows, new Set([paths[1] ?? '']), { ...plain, at: 1, toggle: true })]).toEqual([]);
  expect([...selectedByClick(rows, new Set(), { ...plain, at: 2, range: true })]).toEqual(paths.slice(0, 3));
});

test('what is in a folder goes with it', () => {
  expect(outermost(['payloads/a', 'payloads/a/b.json', 'payloads/ab.json'])).toEqual([
    'payloads/a',
    'payloads/ab.json',
  ]);
});
