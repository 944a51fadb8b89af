import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import type { StoredSession } from '#shared/contract/models.ts';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { RecentSessions, SessionEntry } from '../../../../../src/renderer/features/sessions/session-entry.tsx';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';
import { storedSession } from './stored.ts';

beforeAll(loadParts);

function entry(session: StoredSession, answers: Answers = {}) {
  const faked = fakeHost({
    'sessions.stored': () => ok({ sessions: [session], folder: '/sessions' }),
    'sessions.open': () => ok(sessionView('opened', { path: session.path, name: session.name, state: 'read-only' })),
    'sessions.close': () => ok({}),
    ...answers,
  });
  show(faked.services, {});
  const user = renderPart(
    faked.services,
    <>
      <SessionEntry session={session} />
      <Dialogs />
    </>,
  );
  const choose = async (name: string) => {
    await user.click(screen.getByRole('button', { name: `Actions for ${session.name}` }));
    await user.click(screen.getByRole('menuitem', { name }));
  };
  const made = (...names: string[]) => faked.calls.filter(({ name }) => names.includes(name));
  return { ...faked, user, choose, made };
}

test('an entry has the time, the records and the size of its session', () => {
  entry(storedSession('boiler', { startedAt: Date.now() }));
  screen.getByText(/^today \d\d:\d\d$/);
  screen.getByText('3 records');
  screen.getByText('1.5 KB');
});

test('the name of a session opens it in a tab', async () => {
  const { services, user } = entry(storedSession('boiler'));
  await user.click(screen.getByRole('button', { name: 'boiler' }));
  await waitFor(() => expect(services.tabs.getState().tabs).toMatchObject([{ kind: 'session', session: 'opened' }]));
});

test('the menu closes with Escape and returns the focus to its button', async () => {
  const { user } = entry(storedSession('boiler'));
  const button = screen.getByRole('button', { name: 'Actions for boiler' });
  await user.click(button);
  expect(button.getAttribute('aria-expanded')).toBe('true');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(document.activeElement).toBe(button);
});

test('a session that another Wirebench records to can be neither renamed nor deleted', async () => {
  const { user } = entry(storedSession('theirs', { state: 'busy' }));
  screen.getByText('in use');
  await user.click(screen.getByRole('button', { name: 'Actions for theirs' }));
  const items = screen.getAllByRole<HTMLButtonElement>('menuitem');
  expect(items.map(({ disabled }) => disabled)).toEqual([true, true]);
});

test('the session being recorded can be renamed, not deleted', async () => {
  const { user } = entry(storedSession('now', { state: 'recording' }));
  await user.click(screen.getByRole('button', { name: 'Actions for now' }));
  expect(screen.getByRole<HTMLButtonElement>('menuitem', { name: 'Rename…' }).disabled).toBe(false);
  expect(screen.getByRole<HTMLButtonElement>('menuitem', { name: 'Delete…' }).disabled).toBe(true);
});

test('a session is renamed in its file, which is opened for it and closed again', async () => {
  const rename: Answers = { 'sessions.rename': ({ session, name }) => ok(sessionView(session, { name })) };
  const { choose, made, user } = entry(storedSession('boiler'), rename);
  await choose('Rename…');
  const field = screen.getByRole('textbox', { name: 'Name' });
  await user.clear(field);
  await user.type(field, ' boiler test {Enter}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(made('sessions.open', 'sessions.rename', 'sessions.close')).toEqual([
    { name: 'sessions.open', input: { file: 'stored:boiler.wirebench' } },
    { name: 'sessions.rename', input: { session: 'opened', name: 'boiler test' } },
    { name: 'sessions.close', input: { session: 'opened' } },
  ]);
});

test('a session cannot be named with nothing', async () => {
  const { choose, made, user } = entry(storedSession('boiler'));
  await choose('Rename…');
  await user.clear(screen.getByRole('textbox', { name: 'Name' }));
  expect(screen.getByRole('textbox', { name: 'Name' }).getAttribute('aria-invalid')).toBe('true');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Rename' }).disabled).toBe(true);
  await user.keyboard('{Enter}');
  expect(made('sessions.rename')).toEqual([]);
});

test('a name that cannot be written is reported in the dialog, which stays', async () => {
  const refuse: Answers = { 'sessions.rename': () => fail('file', 'Could not write the name') };
  const { choose, user } = entry(storedSession('boiler'), refuse);
  await choose('Rename…');
  await user.click(screen.getByRole('button', { name: 'Rename' }));
  await screen.findByText('Could not write the name');
  screen.getByRole('dialog', { name: 'Rename session' });
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByText('Could not write the name')).toBeNull();
});

test('a session is deleted only after a question that says what it holds', async () => {
  const { choose, made, services, user } = entry(storedSession('boiler'), { 'sessions.delete': () => ok({}) });
  await choose('Delete…');
  screen.getByText(/\(3 records, 1\.5 KB\)/);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Keep session' }));
  expect(made('sessions.delete')).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Delete session' }));
  expect(made('sessions.delete')).toEqual([{ name: 'sessions.delete', input: { stored: 'stored:boiler.wirebench' } }]);
  await waitFor(() => expect(services.notices.getState().notices).toMatchObject([{ text: 'Deleted “boiler”' }]));
});

test('a session that is kept is not deleted', async () => {
  const { choose, made, user } = entry(storedSession('boiler'));
  await choose('Delete…');
  await user.click(screen.getByRole('button', { name: 'Keep session' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(made('sessions.delete')).toEqual([]);
});

test('a session that cannot be deleted is reported', async () => {
  const refuse: Answers = { 'sessions.delete': () => fail('file', 'Could not delete the session') };
  const { choose, services, user } = entry(storedSession('boiler'), refuse);
  await choose('Delete…');
  await user.click(screen.getByRole('button', { name: 'Delete session' }));
  const failure = { message: 'Could not delete the session' };
  await waitFor(() => expect(services.notices.getState().notices).toMatchObject([{ kind: 'failure', failure }]));
});

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
