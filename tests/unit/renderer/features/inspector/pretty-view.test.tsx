import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import type { Written } from '#support/recorded-session.ts';
import { renderInspector } from '#support/render-traffic.tsx';
import { draftOf } from '../../../../../src/renderer/state/drafts.ts';
import { formOf } from '../../../../../src/renderer/state/endpoint-form.ts';
import { changeFilter, filterOfTab } from '../../../../../src/renderer/state/filters.ts';
import { endpointTab } from '../../../../../src/renderer/state/tabs.ts';
import { endpointView } from '../../fake-services.ts';

const json = '{"user":{"id":42,"name":"Ann"},"tags":["a"],"none":{}}';

async function tree(written: Written = { preview: json }) {
  const rendered = renderInspector({ written });
  const view = await screen.findByRole('tree', { name: 'Message as a tree' });
  const labels = () =>
    within(view)
      .getAllByRole('treeitem')
      .map((one) => Array.from(one.querySelectorAll('span'), ({ textContent }) => textContent).join(' '));
  const item = (name: string | RegExp) => within(view).getByRole('treeitem', { name });
  const path = () => within(screen.getByRole('tabpanel')).getByText(/^[$/]/, { selector: 'code' }).textContent;
  const filter = () => filterOfTab(rendered.services.filters.getState(), 'tab').text;
  return { ...rendered, view, labels, item, path, filter };
}

test('JSON is shown as a tree with its branches open', async () => {
  const { labels } = await tree();
  expect(labels()).toEqual(['$ { 3 }', 'user { 2 }', 'id 42', 'name "Ann"', 'tags [ 1 ]', '0 "a"', 'none { 0 }']);
});

test('XML is shown as a tree with its attributes', async () => {
  const { labels } = await tree({ preview: '<order id="7"><item>bolt</item></order>' });
  expect(labels()).toEqual(['order < 2 >', '@id 7', 'item bolt']);
});

test('the arrow keys walk the tree, open and close its branches', async () => {
  const { view, labels, path, user } = await tree();
  view.focus();
  await user.keyboard('{ArrowDown}');
  expect(path()).toBe('$.user');
  await user.keyboard('{ArrowLeft}');
  expect(labels()).toHaveLength(5);
  await user.keyboard('{ArrowRight}{ArrowRight}');
  expect(path()).toBe('$.user.id');
  await user.keyboard('{ArrowLeft}');
  expect(path()).toBe('$.user');
  await user.keyboard('{End}');
  expect(path()).toBe('$.none');
  await user.keyboard('{Home}{Enter}');
  expect(labels()).toEqual(['$ { 3 }']);
});

test('a double click closes a branch', async () => {
  const { item, labels, user } = await tree();
  await user.dblClick(item(/^user/));
  expect(labels()).toHaveLength(5);
  expect(item(/^user/).getAttribute('aria-expanded')).toBe('false');
});

test('the chosen value becomes the filter', async () => {
  const { filter, item, user } = await tree();
  await user.click(item(/^id/));
  await user.click(screen.getByRole('button', { name: 'Filter by this value' }));
  expect(filter()).toBe('json.user.id == 42');
});

test('a branch has no value to filter by', async () => {
  const { item, user } = await tree();
  await user.click(item(/^user/));
  expect(screen.queryByRole('button', { name: 'Filter by this value' })).toBeNull();
});

test('path and value of the chosen node are copied', async () => {
  const { item, user } = await tree();
  await user.click(item(/^name/));
  await user.click(screen.getByRole('button', { name: 'Copy path' }));
  expect(await navigator.clipboard.readText()).toBe('$.user.name');
  await user.click(screen.getByRole('button', { name: 'Copy value' }));
  expect(await navigator.clipboard.readText()).toBe('Ann');
});

test('the menu of a node filters by it, excludes it, copies it', async () => {
  const { filter, item, user } = await tree();
  await user.pointer({ keys: '[MouseRight]', target: item(/^id/) });
  const names = screen.getAllByRole('menuitem').map(({ textContent }) => textContent);
  expect(names).toEqual([
    'Filter by this valuejson.user.id == 42',
    'Filter by presence of this fieldjson.user.id',
    'Exclude this value!(json.user.id == 42)',
    'Copy path$.user.id',
    'Copy value',
  ]);
  await user.click(screen.getByRole('menuitem', { name: /^Exclude/ }));
  expect(filter()).toBe('!(json.user.id == 42)');
  expect(screen.queryByRole('menu')).toBeNull();
});

test('under a filter the menu adds to it', async () => {
  const { filter, item, services, user } = await tree();
  changeFilter(services.filters, 'tab', { text: 'in' });
  await user.pointer({ keys: '[MouseRight]', target: item(/^id/) });
  await user.click(screen.getByRole('menuitem', { name: /^And this value/ }));
  expect(filter()).toBe('in && json.user.id == 42');
});

test('the menu opens with the keyboard at the chosen node', async () => {
  const { view, user } = await tree();
  view.focus();
  await user.keyboard('{ArrowDown}{Shift>}{F10}{/Shift}');
  screen.getByRole('menu', { name: 'user' });
});

test('the tab of an endpoint takes a node as its payload', async () => {
  const { item, services, user } = await tree();
  expect(screen.queryByRole('button', { name: 'Use as payload' })).toBeNull();
  const tab = { ...endpointTab(formOf(endpointView('e1').config), 'e1'), id: 'tab' };
  services.tabs.setState({ tabs: [tab], active: 'tab' });
  await user.click(item(/^tags/));
  await user.click(screen.getByRole('tab', { name: 'Text' }));
  await user.click(screen.getByRole('tab', { name: 'Pretty' }));
  await user.click(await screen.findByRole('button', { name: 'Use as payload' }));
  expect(draftOf(services.drafts.getState(), 'tab')).toMatchObject({ name: 'from #3', format: 'json', text: json });
});

test.each([
  ['plain words', /Not JSON or XML/],
  ['{"half": ', /JSON/],
  ['<a><b></a>', /XML/],
  ['  ', /empty or contains only white space/],
])('%j is shown as it is, with why there is no tree', async (preview, why) => {
  renderInspector({ written: { preview } });
  await screen.findByText(why);
  expect(screen.queryByRole('tree')).toBeNull();
});

test('control characters of a message without a tree are escapes, not symbols that a font may lack', async () => {
  renderInspector({ written: { preview: 'plain\u240d\u240a' } });
  await screen.findByText('plain\\r\\n');
});

test('bytes that are not text are not shown as a tree', async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x00]);
  const answers = { 'sessions.payload': () => ok({ bytes, total: 3 }) };
  renderInspector({ written: { preview: '...' }, answers });
  await screen.findByText(/not UTF-8/);
});

test('a message too large for a tree says how large trees are', async () => {
  const answers = { 'sessions.payload': () => ok({ bytes: new Uint8Array(2), total: 3_000_000 }) };
  renderInspector({ written: { preview: '{}', length: 3_000_000 }, answers });
  await screen.findByText(/3\.0 MB; maximum 2\.0 MB/);
});

test('a message that cannot be read is reported', async () => {
  const answers = { 'sessions.payload': () => fail('file', 'Could not read the message') };
  renderInspector({ written: { preview: '{}' }, answers });
  await screen.findByText('Could not read the message');
});

test('what cannot be seen in a value has its name, drawn apart', async () => {
  const { view } = await tree({ preview: '{"a":"x\\n\\u202ey"}' });
  expect(within(view).getByText('\\n').tagName).toBe('SPAN');
  within(view).getByText('⟨U+202E⟩');
});
