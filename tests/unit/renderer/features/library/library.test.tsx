import { act, createEvent, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { DocumentView } from '#shared/contract/documents.ts';
import { ok } from '#shared/failure.ts';
import { renderPart } from '#support/render.tsx';
import { actionById } from '../../../../../src/renderer/actions/actions.ts';
import { libraryItems } from '../../../../../src/renderer/actions/library-actions.ts';
import { Library } from '../../../../../src/renderer/features/library/library.tsx';
import { MoveDialog } from '../../../../../src/renderer/features/library/move-dialog.tsx';
import { Notices } from '../../../../../src/renderer/features/notices/notices.tsx';
import { runAction } from '../../../../../src/renderer/state/action.ts';
import { loadWorkspace } from '../../../../../src/renderer/state/workspace.ts';
import { inputsOf } from '../../fake-endpoints.ts';
import { type Answers, fakeHost } from '../../fake-services.ts';

const view = (path: string, rest: Partial<DocumentView> = {}): DocumentView => {
  return { path, kind: 'payload', size: 1, version: 'v1', ...rest };
};

/** The payloads of the side bar over a workspace with three payloads and two folders. */
async function library(answers: Answers = {}) {
  const documents = [
    view('payloads/orders', { kind: 'folder' }),
    view('payloads/old', { kind: 'folder' }),
    view('payloads/orders/new.json'),
    view('payloads/a.json'),
    view('payloads/b.txt', { payload: { template: false, favourite: 3 } }),
  ];
  const sent: string[] = [];
  const host = fakeHost({
    'workspace.get': () => ok({ id: 'w', name: 'w', folder: '/w', isDefault: true, documents }),
    'documents.move': () => ok({}),
    'documents.remove': () => ok({ undo: 'u1' }),
    'documents.restore': () => ok({}),
    'documents.duplicate': ({ path }) => ok({ path: path.replace('.', ' 2.') }),
    ...answers,
  });
  const { services } = host;
  await loadWorkspace(services.client, services.workspace);
  const user = renderPart(
    services,
    <>
      <Library items={(paths) => libraryItems(services, paths)} send={(path) => sent.push(path)} />
      <Notices />
    </>,
  );
  return { ...host, user, sent };
}

const tree = () => screen.getByRole('tree');
const row = (name: string) => screen.getByRole('treeitem', { name });
const key = (name: string, options: object = {}) => fireEvent.keyDown(tree(), { key: name, ...options });
const selected = () =>
  screen
    .getAllByRole('treeitem')
    .filter((one) => one.getAttribute('aria-selected') === 'true')
    .map((one) => one.getAttribute('aria-label'));

describe('the payloads in the side bar', () => {
  test('show the hidden characters of a name, which could reverse it', async () => {
    const { services } = await library();
    const path = 'payloads/bad\u202etxt.json';
    act(() => services.workspace.setState({ documents: new Map([[path, view(path)]]) }));
    expect(row('bad⟨U+202E⟩txt.json').title).toBe('payloads/bad⟨U+202E⟩txt.json');
    expect(screen.getByText('bad⟨U+202E⟩txt.json')).toBeTruthy();
  });

  test('have favourites first, with their keys in the name and the tooltip', async () => {
    await library();
    const rows = screen.getAllByRole('treeitem');
    expect(rows.map((one) => one.getAttribute('aria-label'))).toEqual([
      'b.txt, Favourite 3: Alt+3',
      'old',
      'orders',
      'new.json',
      'a.json',
    ]);
    expect(rows[0]?.title).toBe('payloads/b.txt\nFavourite 3: Alt+3');
  });

  test('are searched', async () => {
    const { user } = await library();
    await user.type(screen.getByRole('searchbox', { name: 'Search payloads' }), 'ord');
    expect(screen.getAllByRole('treeitem').map((one) => one.title)).toEqual(['payloads/orders/new.json']);
    await user.type(screen.getByRole('searchbox', { name: 'Search payloads' }), 'x');
    expect(screen.getByText('No payload matches.')).toBeTruthy();
  });

  test('are selected with the keys, one, a range or all', async () => {
    await library();
    key('Home');
    key('ArrowDown');
    expect(selected()).toEqual(['old']);
    key('ArrowDown', { shiftKey: true });
    expect(selected()).toEqual(['old', 'orders']);
    key('a', { ctrlKey: true });
    expect(selected()).toHaveLength(5);
  });

  test('are folded and unfolded with the keys', async () => {
    const { user } = await library();
    await user.click(row('new.json'));
    key('ArrowLeft');
    expect(selected()).toEqual(['orders']);
    key('ArrowLeft');
    expect(screen.queryByRole('treeitem', { name: 'new.json' })).toBeNull();
    key('ArrowRight');
    expect(row('new.json')).toBeTruthy();
  });

  test('are renamed with F2, and keep their ending', async () => {
    const { user, calls } = await library();
    await user.click(row('a.json'));
    key('F2');
    const field = screen.getByRole('textbox', { name: 'New name of a.json' });
    await user.clear(field);
    await user.type(field, 'first{Enter}');
    expect(inputsOf({ calls }, 'documents.move')).toEqual([
      { moves: [{ from: 'payloads/a.json', to: 'payloads/first.json' }] },
    ]);
  });

  test('are deleted together with Delete, which is undone', async () => {
    const { user, calls } = await library();
    await user.click(row('a.json'));
    fireEvent.click(row('orders'), { ctrlKey: true });
    key('Delete');
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(inputsOf({ calls }, 'documents.remove')).toEqual([{ paths: ['payloads/a.json', 'payloads/orders'] }]);
    expect(inputsOf({ calls }, 'documents.restore')).toEqual([{ undo: 'u1' }]);
  });

  test('are dragged into a folder, the selected ones together', async () => {
    const { user, calls } = await library();
    await user.click(row('a.json'));
    fireEvent.click(row('new.json'), { ctrlKey: true });
    const dataTransfer = { types: ['text/plain'], setData: () => {}, effectAllowed: '' };
    fireEvent.dragStart(row('a.json'), { dataTransfer });
    fireEvent.drop(row('old'), { dataTransfer });
    await waitFor(() => expect(inputsOf({ calls }, 'documents.move')).toHaveLength(1));
    expect(inputsOf({ calls }, 'documents.move')).toEqual([
      {
        moves: [
          { from: 'payloads/a.json', to: 'payloads/old/a.json' },
          { from: 'payloads/orders/new.json', to: 'payloads/old/new.json' },
        ],
      },
    ]);
  });

  test('have a menu, which opens with Shift+F10, too', async () => {
    const { user, calls, services } = await library();
    await user.click(row('a.json'));
    key('F10', { shiftKey: true });
    const menu = screen.getByRole('menu');
    const items = within(menu).getAllByRole('menuitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      ...['Open in composer', 'Send', 'Rename…', 'Move to folder…', 'Show in folder', 'Duplicate'],
      ...['Add to favourites', 'Delete'],
    ]);
    await user.click(within(menu).getByRole('menuitem', { name: 'Duplicate' }));
    await waitFor(() => expect(inputsOf({ calls }, 'documents.duplicate')).toEqual([{ path: 'payloads/a.json' }]));
    await user.click(row('a.json'));
    runAction(actionById('move-payloads'), services);
    expect(services.dialogs.getState()).toEqual({ kind: 'move-payloads', paths: ['payloads/a.json'] });
  });

  test('are sent with the button of their row', async () => {
    const { user, sent } = await library();
    await user.click(within(row('a.json')).getByRole('button', { name: 'Send a.json' }));
    expect(sent).toEqual(['payloads/a.json']);
  });

  test('take files that are dropped: they are imported into the folder under the pointer', async () => {
    const { services } = await library();
    const file = new File(['{}'], 'c.json');
    const drop = createEvent.drop(row('orders'), { dataTransfer: { types: ['Files'], files: [file], items: [] } });
    fireEvent(row('orders'), drop);
    await waitFor(() => expect(services.dialogs.getState().kind).toBe('import'));
    expect(services.dialogs.getState()).toMatchObject({ folder: 'payloads/orders', files: [{ path: 'c.json', file }] });
    expect(drop.defaultPrevented).toBe(true);
  });
});

test('payloads are moved to a folder that a dialog asks for, which is not one of them', async () => {
  const host = await library();
  const user = renderPart(host.services, <MoveDialog paths={['payloads/orders', 'payloads/a.json']} />);
  const field = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Folder' });
  expect([...field.options].map(({ value }) => value)).toEqual(['payloads', 'payloads/old']);
  await user.selectOptions(field, 'payloads/old');
  await user.click(screen.getByRole('button', { name: 'Move' }));
  await waitFor(() => expect(inputsOf(host, 'documents.move')).toHaveLength(1));
  expect(inputsOf(host, 'documents.move')).toEqual([
    {
      moves: [
        { from: 'payloads/orders', to: 'payloads/old/orders' },
        { from: 'payloads/a.json', to: 'payloads/old/a.json' },
      ],
    },
  ]);
});
