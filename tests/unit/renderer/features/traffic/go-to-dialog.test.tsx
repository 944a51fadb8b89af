import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { recordedSession, startAt } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { GoToDialog } from '../../../../../src/renderer/features/traffic/go-to-dialog.tsx';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';

function goTo(to: 'record' | 'time', total = 2_002, answers: Answers = {}) {
  const recorded = recordedSession({ rows: [{ preview: 'first' }] });
  const faked = fakeHost({ ...recorded.answers, ...answers });
  const { services } = faked;
  show(services, { sessions: [sessionView('s1', { total })] });
  services.dialogs.setState({ kind: 'go-to', to }, true);
  const { active } = services.tabs.getState();
  const user = renderPart(services, <GoToDialog to={to} />);
  const requests: unknown[] = [];
  services.traffic.serve(active, (request) => requests.push(request));
  const wanted = () => requests.at(-1);
  return { ...faked, user, wanted, field: screen.getByRole('textbox') };
}

test('a record is gone to by its number, in the traffic', async () => {
  const { field, services, user, wanted } = goTo('record');
  screen.getByText(/^0 to 2\s001$/);
  await user.type(field, '#1 002{Enter}');
  expect(wanted()).toEqual({ kind: 'record', seq: 1_002 });
  expect(services.dialogs.getState().kind).toBe('none');
});

test.each([
  ['99999', 'The last record is 2001.'],
  ['many', 'Enter a record number.'],
])('the number %s is refused until it is changed', async (text, why) => {
  const { field, user, wanted } = goTo('record');
  await user.type(field, text);
  await user.click(screen.getByRole('button', { name: 'Go' }));
  screen.getByText(why);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(wanted()).toBeUndefined();
  await user.type(field, '1');
  expect(screen.queryByText(why)).toBeNull();
});

test('a session without records has none to go to', async () => {
  const { field, user } = goTo('record', 0);
  await user.type(field, '0{Enter}');
  screen.getByText('There are no records yet.');
});

test('a time counts from the first record', async () => {
  const { field, user, wanted } = goTo('time');
  await user.type(field, '12.5{Enter}');
  await waitFor(() => expect(wanted()).toEqual({ kind: 'time', at: startAt + 12_500 }));
});

test('an invalid time is refused with examples of valid ones', async () => {
  const { field, user, wanted } = goTo('time');
  await user.type(field, 'noon{Enter}');
  await screen.findByText(/^Enter seconds since the start .*14:05:09/);
  expect(wanted()).toBeUndefined();
});

test('a time needs a record to count from', async () => {
  const empty = { total: 0, matched: 0, scanned: 0, rows: [], sockets: [] };
  const { field, user } = goTo('time', 0, { 'sessions.window': () => ok(empty) });
  await user.type(field, '0{Enter}');
  await screen.findByText('There are no records yet.');
});

test('a session that cannot be read is reported at the field', async () => {
  const { field, user } = goTo('time', 3, { 'sessions.window': () => fail('file', 'Could not read the session') });
  await user.type(field, '0{Enter}');
  await screen.findByText('Could not read the session');
});

test('Cancel goes nowhere', async () => {
  const { field, services, user, wanted } = goTo('record');
  await user.type(field, '1');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(services.dialogs.getState().kind).toBe('none');
  expect(wanted()).toBeUndefined();
});
