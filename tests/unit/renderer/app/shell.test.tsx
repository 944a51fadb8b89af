import { screen } from '@testing-library/react';
import { beforeAll, expect, test, vi } from 'vitest';
import { ok } from '#shared/failure.ts';
import { recordedSession } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { loadParts } from '../../../../src/renderer/app/lazy-parts.tsx';
import { Shell, Toolbar } from '../../../../src/renderer/app/shell.tsx';
import { fakeHost, sessionView } from '../fake-services.ts';

beforeAll(loadParts);

/** The page with the tab of an opened session. */
function shell(sessions = [sessionView('s1', { name: 'morning', state: 'read-only', total: 2 })]) {
  const recorded = recordedSession({ rows: [{ preview: '{"one":1}' }, { preview: 'two' }] });
  const faked = fakeHost({ ...recorded.answers, 'sessions.stored': () => ok({ sessions: [], folder: '' }) });
  show(faked.services, { sessions });
  return { user: renderPart(faked.services, <Shell />) };
}

test('an engine that has an opened session gets its tab, with the inspector beside it', async () => {
  shell();
  screen.getByRole('tab', { name: /morning/, selected: true });
  screen.getByRole('region', { name: 'Inspector' });
  await screen.findByText('two');
});

test('an engine that has nothing shows the start page, without an inspector', async () => {
  shell([]);
  screen.getByRole('tab', { name: 'Start' });
  expect(screen.queryByRole('region', { name: 'Inspector' })).toBeNull();
  await screen.findByRole('heading', { name: 'Recent sessions' });
});

test('a selected row is shown in the inspector', async () => {
  const { user } = shell();
  await user.click(await screen.findByText('{"one":1}'));
  await screen.findByRole('treeitem', { name: /one/ });
});

test('the panes beside the page are hidden with their keys, and shown again', async () => {
  const { user } = shell();
  await user.keyboard('{Control>}b{/Control}');
  expect(screen.queryByRole('separator', { name: 'Width of the side bar' })).toBeNull();
  await user.keyboard('{Control>}i{/Control}');
  expect(screen.queryByRole('region', { name: 'Inspector' })).toBeNull();
  await user.keyboard('{Control>}b{/Control}{Control>}i{/Control}');
  screen.getByRole('separator', { name: 'Width of the side bar' });
  screen.getByRole('region', { name: 'Inspector' });
});

test('a narrow window has no room for the panes beside the page', () => {
  const media = matchMedia('all');
  vi.spyOn(globalThis, 'matchMedia').mockReturnValue(media);
  shell();
  expect(screen.queryByRole('region', { name: 'Inspector' })).toBeNull();
  expect(screen.queryByRole('separator', { name: 'Width of the side bar' })).toBeNull();
});

test('a crash in one part leaves the others, and the part is tried again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const popover = vi.spyOn(HTMLElement.prototype, 'showPopover').mockImplementation(() => {
    throw new Error('a bug in this pane');
  });
  const { user } = shell();
  await user.click(screen.getByRole('button', { name: 'Filter help' }));
  expect(screen.getByRole('alert').textContent).toContain('a bug in this pane');
  expect(screen.queryByRole('grid')).toBeNull();
  screen.getByRole('region', { name: 'Inspector' });
  popover.mockRestore();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(screen.queryByRole('alert')).toBeNull();
  screen.getByRole('grid', { name: 'Traffic' });
});

test('the palette opens with its keys over every page', async () => {
  const { user } = shell([]);
  await user.keyboard('{Control>}k{/Control}');
  screen.getByRole('dialog', { name: 'Command palette' });
});

function toolbar(sessions = [sessionView('s1')]) {
  const { services } = fakeHost({});
  show(services, { sessions });
  return { services, user: renderPart(services, <Toolbar />) };
}

test.each([
  ['Launch server', 'server'],
  ['Connect to…', 'client'],
])('%s opens the form of a new %s', async (name, role) => {
  const { services, user } = toolbar();
  await user.click(screen.getByRole('button', { name }));
  expect(services.tabs.getState().tabs).toMatchObject([{ kind: 'endpoint', form: { role } }]);
});

test.each([
  ['Save session…', 'save-session'],
  ['Show command palette', 'palette'],
  ['Settings', 'settings'],
])('%s opens its dialog', async (name, kind) => {
  const { services, user } = toolbar();
  await user.click(screen.getByRole('button', { name }));
  expect(services.dialogs.getState().kind).toBe(kind);
});

test('without a session there is nothing to save', async () => {
  const { services, user } = toolbar([]);
  await user.click(screen.getByRole('button', { name: 'Save session…' }));
  expect(services.dialogs.getState().kind).toBe('none');
});

test.each(['side bar', 'composer', 'inspector'])('the %s is hidden and shown', async (pane) => {
  const { user } = toolbar();
  await user.click(screen.getByRole('button', { name: `Hide ${pane}` }));
  await user.click(screen.getByRole('button', { name: `Show ${pane}` }));
  screen.getByRole('button', { name: `Hide ${pane}` });
});

test('in a narrow window the panes beside the page are hidden until they are shown there', async () => {
  const media = matchMedia('all');
  vi.spyOn(globalThis, 'matchMedia').mockReturnValue(media);
  const { services, user } = toolbar();
  await user.click(screen.getByRole('button', { name: 'Show side bar' }));
  screen.getByRole('button', { name: 'Show inspector' });
  screen.getByRole('button', { name: 'Hide composer' });
  expect(services.settings.getState().layout).toEqual({ 'sidebar.narrow': true });
});

test('the theme goes from that of the system to dark and light', async () => {
  const { services, user } = toolbar();
  const button = () => screen.getByRole('button', { name: /^Theme/ });
  await user.click(button());
  expect(button().getAttribute('aria-label')).toBe('Theme: dark');
  await user.click(button());
  expect(services.settings.getState().theme).toBe('light');
});
