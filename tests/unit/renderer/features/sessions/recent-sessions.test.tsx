import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { StoredSession } from '#shared/contract/models.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { RecentSessions } from '../../../../../src/renderer/features/sessions/recent-sessions.tsx';
import { fakeHost, sessionView } from '../../fake-services.ts';
import { storedSession } from './stored.ts';

function list(sessions: StoredSession[], recorded = 0) {
  const faked = fakeHost({ 'sessions.stored': () => ok({ sessions, folder: '/sessions' }) });
  show(faked.services, { sessions: [sessionView('now', { total: recorded })] });
  return { ...faked, user: renderPart(faked.services, <RecentSessions />) };
}

test('the recent sessions are not shown before they are known', async () => {
  list([]);
  expect(screen.queryByRole('region', { name: 'Recent sessions' })).toBeNull();
  await screen.findByRole('region', { name: 'Recent sessions' });
});

test('without a recording the start page says what will be listed', async () => {
  list([]);
  await screen.findByText(/Nothing was recorded yet|No recordings yet/);
  expect(screen.queryByRole('list')).toBeNull();
});

test('the last five sessions are listed, with the count and size of all', async () => {
  const sessions = Array.from({ length: 7 }, (_, index) => storedSession(`s${index}`));
  const { services, user } = list(sessions);
  await screen.findByText('7 sessions, 10.5 KB');
  expect(screen.getAllByRole('listitem')).toHaveLength(5);
  await user.click(screen.getByRole('button', { name: 'Show all' }));
  expect(services.dialogs.getState()).toEqual({ kind: 'stored-sessions' });
});

test('up to five sessions need no dialog for all of them', async () => {
  list([storedSession('only')]);
  await screen.findByText('1 session, 1.5 KB');
  expect(screen.queryByRole('button', { name: 'Show all' })).toBeNull();
});

test('the session being recorded is listed once something has happened in it, and is not opened', async () => {
  list([storedSession('now', { state: 'recording' })], 1);
  const entry = await screen.findByRole('listitem');
  within(entry).getByText('recording');
  expect(within(entry).queryByRole('button', { name: /^Open/ })).toBeNull();
});

test('the session being recorded is left out while nothing has happened in it', async () => {
  list([storedSession('now', { state: 'recording' }), storedSession('before')], 0);
  const entry = await screen.findByRole('listitem');
  within(entry).getByText('before');
});

test('a session that did not end in order is explained', async () => {
  list([storedSession('crashed', { state: 'crashed', cutBytes: 12 })]);
  const entry = await screen.findByRole('listitem');
  within(entry).getByText('recovered');
  within(entry).getByText(/12 B .*500 ms/);
});

test('a folder that cannot be listed is reported in place of the list', async () => {
  const { services } = fakeHost({ 'sessions.stored': () => fail('file', 'Could not list the recorded sessions') });
  show(services, {});
  renderPart(services, <RecentSessions />);
  await screen.findByText('Could not list the recorded sessions');
  expect(screen.queryByText(/Nothing was recorded yet|No recordings yet/)).toBeNull();
});

test('the list is asked for again when the window gets the focus', async () => {
  const sessions = [storedSession('first')];
  list(sessions);
  await screen.findByText('first');
  sessions.push(storedSession('second'));
  window.dispatchEvent(new Event('focus'));
  await screen.findByText('second');
});

test('what is kept is set in the settings', async () => {
  const { services, user } = list([]);
  await user.click(await screen.findByRole('button', { name: /What is kept|Retention/ }));
  await waitFor(() => expect(services.dialogs.getState().kind).toBe('settings'));
});
