import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderPart, show } from '#support/render.tsx';
import { Toolbar } from '../../../../src/renderer/app/toolbar.tsx';
import { fakeHost, sessionView } from '../fake-services.ts';

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
