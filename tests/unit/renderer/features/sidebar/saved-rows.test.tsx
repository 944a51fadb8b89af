import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DocumentView } from '#shared/contract/documents.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { savedRows } from '../../../../../src/renderer/features/sidebar/saved-rows.ts';
import { Sidebar } from '../../../../../src/renderer/features/sidebar/sidebar.tsx';
import { openFormTab } from '../../../../../src/renderer/state/endpoint-commands.ts';
import { saveEndpoint } from '../../../../../src/renderer/state/saved-endpoints.ts';
import { activeTab } from '../../../../../src/renderer/state/tabs.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { FakeWorkspace, savedServer } from '../../fake-workspace.ts';

beforeAll(loadParts);

const entry = (path: string, change: Partial<DocumentView> = {}): [string, DocumentView] => [
  path,
  { path, kind: 'endpoint', size: 1, version: 'v', ...change },
];

const namesOf = (rows: ReturnType<typeof savedRows>) =>
  rows.flatMap((row) => ('view' in row ? [`${'  '.repeat(row.depth)}${row.view.path}`] : []));

describe('the section of saved endpoints', () => {
  const documents = new Map([
    entry('payloads/a.json', { kind: 'payload' }),
    entry('endpoints/z.yaml'),
    entry('endpoints/lab/b.yaml'),
    entry('endpoints/empty', { kind: 'folder' }),
    entry('endpoints/bad.yaml', { kind: 'other', problem: { code: 'file', message: 'm', system: 's', hint: 'h' } }),
    entry('endpoints/notes.txt', { kind: 'other' }),
  ]);

  test('lists folders first, then endpoints, and files that cannot be read', () => {
    expect(namesOf(savedRows(documents, new Set()))).toEqual([
      'endpoints/empty',
      'endpoints/lab',
      '  endpoints/lab/b.yaml',
      'endpoints/bad.yaml',
      'endpoints/z.yaml',
    ]);
    expect(namesOf(savedRows(documents, new Set(['endpoints/lab'])))).not.toContain('  endpoints/lab/b.yaml');
  });

  test('shows what a search finds by path, name and address, without folders', () => {
    const found = new Map([
      ...documents,
      entry('endpoints/lab/b.yaml', {
        endpoint: { role: 'client', transport: 'tcp', name: 'Boiler', address: '10.0.0.4:502', colour: undefined },
      }),
    ]);
    for (const query of ['LAB', 'boil', '0.4:502 lab']) {
      expect(namesOf(savedRows(found, new Set(['endpoints/lab']), query))).toEqual(['endpoints/lab/b.yaml']);
    }
    expect(savedRows(found, new Set(), 'boil z')[1]).toEqual({ kind: 'saved-empty', isFiltered: true });
  });

  test('says that there are none', () => {
    expect(savedRows(new Map(), new Set()).map(({ kind }) => kind)).toEqual(['saved-heading', 'saved-empty']);
  });

  test('lists each endpoint exactly once, below its folder', () => {
    const part = fc.constantFrom('a', 'b', 'c');
    const paths = fc.uniqueArray(
      fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `endpoints/${parts.join('/')}.yaml`),
    );
    fc.assert(
      fc.property(paths, (all) => {
        const rows = savedRows(new Map(all.map((path) => entry(path))), new Set());
        const saved = rows.flatMap((row) => (row.kind === 'saved' ? [row] : []));
        expect(saved.map(({ view }) => view.path).sort()).toEqual([...all].sort());
        for (const { view, depth } of saved) expect(depth).toBe(view.path.split('/').length - 2);
      }),
    );
  });
});

const path = 'endpoints/lab/boiler.yaml';

async function sidebar(workspace: FakeWorkspace, answers = {}) {
  const host = await workspace.host(answers);
  show(host.services, {});
  const user = renderPart(
    host.services,
    <>
      <Sidebar />
      <Dialogs />
    </>,
  );
  await screen.findByRole('heading', { name: 'Saved endpoints' });
  return { ...host, user };
}

describe('a row of a saved endpoint', () => {
  test('opens it, shows its colour by a name, and has a menu', async () => {
    const { user, services } = await sidebar(
      new FakeWorkspace({ [path]: savedServer({ name: 'boiler' }, { colour: 'red' }) }),
    );
    const row = screen.getByRole('button', { name: /^boiler 127\.0\.0\.1:12345 red$/ });
    await user.click(row);
    await waitFor(() => expect(activeTab(services.tabs.getState())).toMatchObject({ document: { path } }));
    await user.click(screen.getByRole('button', { name: 'Actions for boiler' }));
    expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual([
      'Open',
      'Rename, move or colour…',
      'Duplicate',
      'Show in folder',
      'Delete',
    ]);
  });

  test('is found by the search of its section, which keeps the focus', async () => {
    const files = { [path]: savedServer({ name: 'boiler' }), 'endpoints/p.yaml': savedServer({ name: 'pump' }) };
    const { user } = await sidebar(new FakeWorkspace(files));
    const search = screen.getByRole('searchbox', { name: 'Search saved endpoints' });
    await user.type(search, 'pum');
    expect(document.activeElement).toBe(search);
    expect(screen.queryByRole('button', { name: /^boiler/ })).toBeNull();
    expect(screen.getByRole('button', { name: /^pump/ })).toBeTruthy();
    await user.type(search, 'x');
    expect(screen.getByText('No saved endpoint matches.')).toBeTruthy();
    await user.clear(search);
    expect(screen.getByRole('button', { name: /^boiler/ })).toBeTruthy();
  });

  test('deletes it with the Delete key, and offers to restore it', async () => {
    const workspace = new FakeWorkspace({ [path]: savedServer({ name: 'boiler' }) });
    const { user, services, calls } = await sidebar(workspace, { 'documents.restore': () => ok({}) });
    act(() => screen.getByRole('button', { name: /^boiler/ }).focus());
    await user.keyboard('{Delete}');
    await waitFor(() => expect(workspace.removed).toEqual([path]));
    const [offer] = services.notices.getState().notices;
    expect(offer).toMatchObject({ kind: 'offer', text: 'Deleted boiler', label: 'Undo' });
    if (offer?.kind === 'offer') offer.run();
    expect(calls.at(-1)).toEqual({ name: 'documents.restore', input: { undo: 'u1' } });
  });

  test('renames it with F2', async () => {
    const workspace = new FakeWorkspace({ [path]: savedServer({ name: 'boiler' }) });
    const { user } = await sidebar(workspace);
    act(() => screen.getByRole('button', { name: /^boiler/ }).focus());
    await user.keyboard('{F2}');
    const name = await screen.findByRole('textbox', { name: 'Name' });
    await user.clear(name);
    await user.type(name, 'kettle');
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect([...workspace.documents.keys()]).toEqual(['endpoints/lab/kettle.yaml']));
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('a folder of saved endpoints', () => {
  const other = 'endpoints/pump.yaml';
  const twoOf = () =>
    new FakeWorkspace({ [path]: savedServer({ name: 'boiler' }), [other]: savedServer({ name: 'pump' }) });
  const dragged = () => {
    const data = new Map<string, string>();
    return {
      setData: (type: string, text: string) => void data.set(type, text),
      getData: (type: string) => data.get(type) ?? '',
      get types() {
        return [...data.keys()];
      },
    };
  };
  const rowOf = (name: RegExp) => screen.getByRole('button', { name }).parentElement as HTMLElement;

  test('takes an endpoint that is dragged into it, whose tab follows, and gives it back to the section', async () => {
    const workspace = twoOf();
    const { user, services } = await sidebar(workspace);
    await user.click(screen.getByRole('button', { name: /^pump/ }));
    await waitFor(() => expect(activeTab(services.tabs.getState())).toMatchObject({ document: { path: other } }));
    const dataTransfer = dragged();
    fireEvent.dragStart(rowOf(/^pump/), { dataTransfer });
    fireEvent.drop(rowOf(/^lab/), { dataTransfer });
    await waitFor(() => expect([...workspace.documents.keys()]).toEqual([path, 'endpoints/lab/pump.yaml']));
    await waitFor(() =>
      expect(activeTab(services.tabs.getState())).toMatchObject({ document: { path: 'endpoints/lab/pump.yaml' } }),
    );
    const back = dragged();
    fireEvent.dragStart(rowOf(/^pump/), { dataTransfer: back });
    fireEvent.drop(screen.getByRole('heading', { name: 'Saved endpoints' }), { dataTransfer: back });
    await waitFor(() => expect([...workspace.documents.keys()]).toEqual([path, other]));
  });

  test('is not moved into itself', async () => {
    const { calls } = await sidebar(twoOf());
    const dataTransfer = dragged();
    fireEvent.dragStart(rowOf(/^lab/), { dataTransfer });
    fireEvent.drop(rowOf(/^lab/), { dataTransfer });
    expect(inputsOf({ calls }, 'documents.move')).toEqual([]);
  });

  test('is renamed with F2, and opens all its endpoints from its menu', async () => {
    const { user, calls, services } = await sidebar(twoOf(), { 'documents.move': () => ok({}) });
    act(() => screen.getByRole('button', { name: 'lab' }).focus());
    await user.keyboard('{F2}');
    const field = screen.getByRole('textbox', { name: 'New name of lab' });
    await user.clear(field);
    await user.type(field, 'plant{Enter}');
    expect(inputsOf({ calls }, 'documents.move')).toEqual([
      { moves: [{ from: 'endpoints/lab', to: 'endpoints/plant' }] },
    ]);
    await user.click(screen.getByRole('button', { name: 'Actions for lab' }));
    await user.click(screen.getByRole('menuitem', { name: 'Open all in folder' }));
    await waitFor(() => expect(services.tabs.getState().tabs).toMatchObject([{ document: { path } }]));
  });
});

describe('the dialog that saves an endpoint', () => {
  async function dialog(workspace: FakeWorkspace, answers = {}) {
    const host = await sidebar(workspace, answers);
    act(() => openFormTab(host.services, 'server'));
    const tab = host.services.tabs.getState().active;
    await act(() => saveEndpoint(host.services, tab));
    return { ...host, tab, part: within(await screen.findByRole('dialog')) };
  }

  test('saves it under its name in a folder, with a colour', async () => {
    const workspace = new FakeWorkspace();
    const { user, part } = await dialog(workspace);
    await user.clear(part.getByRole('textbox', { name: 'Name' }));
    await user.type(part.getByRole('textbox', { name: 'Name' }), 'Boiler: west');
    await user.type(part.getByRole('combobox', { name: 'Folder' }), 'plant/line-1/');
    await user.click(part.getByRole('radio', { name: /orange/ }));
    part.getByText('File: endpoints/plant/line-1/Boiler- west.yaml');
    await user.click(part.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(workspace.documents.get('endpoints/plant/line-1/Boiler- west.yaml')?.value).toMatchObject({
      config: { name: 'Boiler: west' },
      colour: 'orange',
    });
  });

  test('refuses a name that is taken, and a folder outside of the workspace', async () => {
    const { user, part } = await dialog(new FakeWorkspace({ 'endpoints/a.yaml': savedServer() }));
    const name = part.getByRole('textbox', { name: 'Name' });
    await user.clear(name);
    await user.type(name, 'a');
    part.getByText(/exists already/);
    expect(part.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    await user.type(part.getByRole('combobox', { name: 'Folder' }), '../../etc');
    part.getByText(/Not a valid folder/);
    expect(part.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
  });

  test('stays open with the reason if it cannot be saved', async () => {
    const { user, part } = await dialog(new FakeWorkspace(), {
      'documents.put': () => fail('file', 'The disk is full'),
    });
    await user.click(part.getByRole('button', { name: 'Save' }));
    await part.findByText('The disk is full');
  });
});
