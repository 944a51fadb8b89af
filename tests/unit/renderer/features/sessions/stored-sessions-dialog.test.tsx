import { screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import type { StoredSession } from '#shared/contract/models.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';
import { storedSession } from './stored.ts';

beforeAll(loadParts);

function dialog(stored: StoredSession[], answers: Answers = {}) {
  const faked = fakeHost({
    'sessions.stored': () => ok({ sessions: stored, folder: '/home/me/sessions' }),
    'sessions.open': () => ok(sessionView('opened', { state: 'read-only' })),
    ...answers,
  });
  show(faked.services, {});
  faked.services.dialogs.setState({ kind: 'stored-sessions' }, true);
  return { ...faked, user: renderPart(faked.services, <Dialogs />) };
}

const three = [storedSession('boiler one'), storedSession('pump'), storedSession('Boiler two')];

test('all stored sessions are listed, with their folder', async () => {
  dialog(three);
  await screen.findByText('3 sessions, 4.5 KB in /home/me/sessions');
  expect(screen.getAllByRole('listitem')).toHaveLength(3);
});

test('sessions are found by a part of their name, in upper or lower case', async () => {
  const { user } = dialog(three);
  await screen.findByText('pump');
  await user.type(screen.getByRole('textbox', { name: 'Find by name' }), ' BOIL ');
  expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    expect.stringContaining('boiler one'),
    expect.stringContaining('Boiler two'),
  ]);
  screen.getByText(/^2 sessions, 3\.0 KB/);
});

test('where no session matches the dialog says so', async () => {
  const { user } = dialog(three);
  await screen.findByText('pump');
  await user.type(screen.getByRole('textbox', { name: 'Find by name' }), 'turbine');
  expect(screen.queryAllByRole('listitem')).toEqual([]);
  screen.getByText(/No session is called that|No matching session/);
});

test('an empty folder says that nothing was recorded', async () => {
  dialog([]);
  await screen.findByText(/Nothing was recorded yet|No recordings yet/);
});

test('a folder that cannot be listed is reported in the dialog', async () => {
  dialog([], { 'sessions.stored': () => fail('file', 'Could not list the recorded sessions') });
  await screen.findByText('Could not list the recorded sessions');
  expect(screen.queryByText(/Nothing was recorded yet|No recordings yet/)).toBeNull();
});

test('a session that is opened from the dialog closes it', async () => {
  const { services, user } = dialog(three);
  await user.click(await screen.findByRole('button', { name: 'Open pump' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  await waitFor(() => expect(services.tabs.getState().tabs).toMatchObject([{ kind: 'session' }]));
});

test.each(['Rename…', 'Delete…'])('%s leads back to the list of stored sessions', async (action) => {
  const { user } = dialog(three);
  await user.click(await screen.findByRole('button', { name: 'Actions for pump' }));
  await user.click(screen.getByRole('menuitem', { name: action }));
  await user.click(screen.getByRole('button', { name: /Cancel|Keep session/ }));
  screen.getByRole('dialog', { name: 'Recorded sessions' });
});

test('the settings of what is kept take the place of the dialog', async () => {
  const { services, user } = dialog([]);
  await user.click(screen.getByRole('button', { name: /What is kept|Retention/ }));
  expect(services.dialogs.getState()).toEqual({ kind: 'settings' });
});
