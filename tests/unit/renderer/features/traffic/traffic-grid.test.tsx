import { act, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { recordedSession, socketInfo, type Written } from '#support/recorded-session.ts';
import { renderTraffic } from '#support/render-traffic.tsx';
import { changeFilter, filterOfTab } from '../../../../../src/renderer/state/filters.ts';

const session: readonly Written[] = [
  { preview: 'listening on 127.0.0.1:5000', kind: 'listening' },
  { preview: 'hello' },
  { preview: 'Message received!', kind: 'out' },
];

async function grid(rows = session, info = socketInfo()) {
  const rendered = renderTraffic({
    rows,
    sockets: [info],
    filters: { in: ({ kind }) => kind === 'in' },
    answers: { 'sessions.mark': ({ seq, bookmarked = false, note = '' }) => ok({ seq, bookmarked, note }) },
  });
  await screen.findByText('boiler', { selector: '[aria-rowindex="2"] *' });
  const body = () => within(screen.getByRole('rowgroup')).getAllByRole('row');
  const cells = (at: number) => Array.from(body()[at]?.children ?? [], ({ textContent }) => textContent);
  const selected = () => body().findIndex((one) => one.getAttribute('aria-selected') === 'true');
  const marks = () => rendered.calls.filter(({ name }) => name === 'sessions.mark').map(({ input }) => input);
  const filter = () => filterOfTab(rendered.services.filters.getState(), 'tab').text;
  return { ...rendered, body, cells, selected, marks, filter };
}

test('a message has its number, time, distance, peer, direction, length and beginning', async () => {
  const { cells } = await grid();
  expect(cells(1)).toEqual(['', '1', '1.0000', '+1.0 s', 'boiler :50001', '→ in', '5', 'hello']);
  expect(cells(2).slice(5)).toEqual(['out ←', '17', 'Message received!']);
});

test('an event has its sentence and neither direction nor length', async () => {
  const { cells } = await grid();
  expect(cells(0).slice(5)).toEqual(['', '', 'listening on 127.0.0.1:5000']);
});

test('the table counts its rows and names its columns', async () => {
  await grid();
  const table = screen.getByRole('grid', { name: 'Traffic' });
  expect(table.getAttribute('aria-rowcount')).toBe('4');
  expect(within(table).getAllByRole('columnheader')).toHaveLength(8);
});

test('control characters of a message are shown as escapes', async () => {
  const { cells } = await grid([{ preview: 'a\u240d\u240a\u241b[31m' }]);
  expect(cells(0).at(-1)).toBe('a\\r\\n\\x1b[31m');
});

test('a message without a body says that it is empty', async () => {
  const { cells } = await grid([{ preview: '', length: 2, tail: 2 }]);
  expect(cells(0).at(-1)).toBe('(empty)');
});

test('a received message whose checksum is checked has a mark with a word, and no other has one', async () => {
  const { body } = await grid(
    [{ preview: 'a', checksum: 'ok' }, { preview: 'b', checksum: 'bad' }, { preview: 'c' }],
    socketInfo({ checksum: 'crc-16/modbus:le' }),
  );
  const marks = (at: number) => within(body()[at] as HTMLElement).queryAllByRole('img');
  expect(marks(0).map((mark) => mark.getAttribute('aria-label'))).toEqual(['checksum ok']);
  expect(marks(1).map((mark) => mark.getAttribute('aria-label'))).toEqual(['checksum bad']);
  expect(marks(1)[0]?.parentElement?.title).toBe('checksum bad: crc-16/modbus:le');
  expect(marks(2)).toEqual([]);
});

test('a connection of a capture has both its sides, and no name', async () => {
  const info = socketInfo({ endpoint: '', local: '127.0.0.1:59364', peer: '127.0.0.1:12345', role: 'outgoing' });
  const { cells } = await grid(session, info);
  expect(cells(1)[4]).toBe('boiler :59364 → :12345');
});

test('what is special about a message is shown before it', async () => {
  const { cells } = await grid([{ preview: 'half', flags: messageFlags.incomplete }]);
  expect(cells(0).at(-1)).toBe('incompletehalf');
});

test.each([
  [messageFlags.text, 'text'],
  [0, 'binary'],
])('a WebSocket message with flags %i is of type %s', async (flags, type) => {
  const { cells } = await grid([{ preview: 'x', flags }], socketInfo({ transport: 'ws' }));
  expect(cells(0).at(-1)).toBe(`${type}x`);
});

test('a bookmark and the first line of a note are shown in their row', async () => {
  const { body } = await grid([{ preview: 'x', mark: { bookmarked: true, note: 'look here\nand there' } }]);
  const [row] = body();
  expect(row?.querySelector('[aria-label="bookmarked"]')).not.toBeNull();
  expect(row?.textContent).toContain('look herex');
});

test('the star of a row sets and removes its bookmark, as the engine reports it', async () => {
  const { body, marks, push, user } = await grid();
  await user.click(within(body()[1] as HTMLElement).getByTitle('Bookmark (M)'));
  expect(marks()).toEqual([{ session: 's1', seq: 1, bookmarked: true }]);
  act(() => push({ kind: 'marks', session: 's1', changed: [{ seq: 1, bookmarked: true, note: '' }] }));
  await user.click(screen.getByTitle('Remove bookmark (M)'));
  expect(marks()[1]).toEqual({ session: 's1', seq: 1, bookmarked: false });
});

test('a click selects a row for the inspector', async () => {
  const { selected, services, user } = await grid();
  await user.click(screen.getByText('hello'));
  expect(selected()).toBe(1);
  expect(services.selection.getState().byTab.tab).toMatchObject({ session: 's1', row: { seq: 1 }, info: { id: 1 } });
});

test('the keys walk the rows, from the last one where none is selected', async () => {
  const { selected, user } = await grid();
  screen.getByRole('grid').focus();
  await user.keyboard('{ArrowUp}');
  expect(selected()).toBe(2);
  await user.keyboard('{ArrowUp}');
  expect(selected()).toBe(1);
  await user.keyboard('{Home}');
  expect(selected()).toBe(0);
  await user.keyboard('{End}');
  expect(selected()).toBe(2);
  expect(screen.getByRole('grid').getAttribute('aria-activedescendant')).toBe('row-2');
});

const menu = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent);

test('the menu of a cell filters by its content', async () => {
  const { filter, user } = await grid();
  await user.pointer({ keys: '[MouseRight]', target: screen.getByText('5', { selector: '[data-cell="length"]' }) });
  expect(menu()).toEqual([
    'Filter by length 5len == 5',
    'Exclude length 5!(len == 5)',
    expect.stringMatching(/^Bookmark/),
    expect.stringMatching(/^Save as payload…/),
    expect.stringMatching(/stream/),
  ]);
  await user.click(screen.getByRole('menuitem', { name: /^Filter by/ }));
  expect(filter()).toBe('len == 5');
});

test('under a filter the menu adds to it', async () => {
  const { filter, services, user } = await grid();
  act(() => changeFilter(services.filters, 'tab', { text: 'in' }));
  await screen.findByText('1 / 3');
  await user.pointer({ keys: '[MouseRight]', target: screen.getByText('5', { selector: '[data-cell="length"]' }) });
  await user.click(screen.getByRole('menuitem', { name: /^And length/ }));
  expect(filter()).toBe('in && len == 5');
});

test('the menu opens with the keyboard at the selected row, and bookmarks it', async () => {
  const { marks, user } = await grid();
  await user.click(screen.getByText('hello'));
  screen.getByRole('grid').focus();
  await user.keyboard('{Shift>}{F10}{/Shift}');
  screen.getByRole('menu', { name: 'Record 1' });
  await user.click(screen.getByRole('menuitem', { name: /^Bookmark/ }));
  expect(marks()).toEqual([{ session: 's1', seq: 1, bookmarked: true }]);
});

test('the stream of a row is framed in another way from its menu', async () => {
  const { services, user } = await grid();
  await user.pointer({ keys: '[MouseRight]', target: screen.getByText('hello') });
  await user.click(screen.getByRole('menuitem', { name: /stream/ }));
  expect(services.dialogs.getState()).toEqual({ kind: 'reframe', session: 's1', socket: 1 });
});

test('datagrams have no stream to frame', async () => {
  const { user } = await grid(session, socketInfo({ transport: 'udp' }));
  await user.pointer({ keys: '[MouseRight]', target: screen.getByText('hello') });
  expect(screen.queryByRole('menuitem', { name: /stream/ })).toBeNull();
});

test.each([
  ['recording', 4_999],
  ['failed', 4_999],
  ['read-only', 0],
] as const)('of many rows of a session that is %s only those from row %i on are drawn', async (state, seq) => {
  const rows = Array.from({ length: 5_000 }, (_, index) => ({ preview: `message ${index}` }));
  renderTraffic({ rows, session: { state } });
  await screen.findByText(`message ${seq}`);
  expect(within(screen.getByRole('rowgroup')).getAllByRole('row').length).toBeLessThan(50);
});

test('a row that is not here yet is drawn empty', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({ preview: `message ${index}` }));
  const known = recordedSession({ rows }).answers['sessions.window'];
  const { change, user } = renderTraffic({
    rows,
    session: { state: 'recording' },
    answers: { 'sessions.window': (input) => (input.first < 60 ? known(input) : new Promise(() => {})) },
  });
  await user.click(await screen.findByText('message 50'));
  change({ total: 100 });
  const next = document.querySelector('[aria-rowindex="62"]');
  expect(next?.textContent).toBe('');
});

test('what would turn text around is shown by its name in a note and in the names of a socket', async () => {
  const hostile = 'a\u202eb\u001b';
  const note = { bookmarked: false, note: hostile };
  const { cells } = await grid([{ preview: 'x', mark: note }], socketInfo({ name: `boiler`, peer: hostile }));
  expect(cells(0)[4]).toBe('boiler a⟨U+202E⟩b\\x1b');
  expect(cells(0)[7]).toBe('a⟨U+202E⟩b\\x1bx');
});
