import { screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { type Failure, fail, ok } from '#shared/failure.ts';
import { saveHandle } from '#support/file-handles.ts';
import { renderPart, show } from '#support/render.tsx';
import { Dialogs, loadParts } from '../../../../../src/renderer/app/lazy-parts.tsx';
import { RecordingAlert } from '../../../../../src/renderer/features/sessions/recording-alert.tsx';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';

beforeAll(loadParts);

const full: Failure = {
  code: 'file',
  message: 'Could not record the session',
  system: 'write(): ENOSPC (no space left on device)',
  hint: 'Make room.',
};
const failed = (total: number) =>
  sessionView('s1', { state: 'failed', error: full, total, path: '/sessions/s1.wirebench' });

function alert(answers: Answers = {}, total = 12) {
  const faked = fakeHost({ 'sessions.stored': () => ok({ sessions: [], folder: '' }), ...answers });
  show(faked.services, { sessions: [failed(total)] });
  const user = renderPart(
    faked.services,
    <>
      <RecordingAlert />
      <Dialogs />
    </>,
  );
  const made = (name: string) => faked.calls.filter((call) => call.name === name).map(({ input }) => input);
  const tryAgain = () => user.click(screen.getByRole('button', { name: 'Retry' }));
  return { ...faked, user, made, tryAgain };
}

test('nothing is said while the session is recorded', () => {
  const { services } = fakeHost({});
  show(services, { sessions: [sessionView('s1')] });
  renderPart(services, <RecordingAlert />);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a recording that failed is reported with its cause and what is safe', () => {
  alert();
  screen.getByText('Could not record the session');
  screen.getByText('write(): ENOSPC (no space left on device)');
  screen.getByText(/^12 records saved/);
});

test('a recording that failed before its first record has nothing that is safe', () => {
  alert({}, 0);
  expect(screen.queryByText(/written before/)).toBeNull();
  screen.getByText(/32 MiB/);
});

test('an attempt that fails again is counted, with the answer of the system', async () => {
  const { tryAgain, made } = alert({ 'sessions.retry': () => ok(failed(12)) });
  await tryAgain();
  await screen.findByText(/^Retried without success: write\(\): ENOSPC/);
  await tryAgain();
  await screen.findByText(/^Retried 2 times/);
  expect(made('sessions.retry')).toEqual([{ session: 's1' }, { session: 's1' }]);
});

test('an attempt that cannot be made is counted like one that failed', async () => {
  const { tryAgain } = alert({ 'sessions.retry': () => fail('file', 'No', { system: 'open(): EROFS' }) });
  await tryAgain();
  await screen.findByText(/without success: open\(\): EROFS/);
});

test('while an attempt is under way there is no second one', async () => {
  const retry = Promise.withResolvers<ReturnType<typeof ok<ReturnType<typeof failed>>>>();
  const { tryAgain } = alert({ 'sessions.retry': () => retry.promise });
  await tryAgain();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Retry' }).disabled).toBe(true);
  retry.resolve(ok(failed(12)));
  await screen.findByText(/without success/);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Retry' }).disabled).toBe(false);
});

test('an attempt that succeeds ends the alert and is reported', async () => {
  const { tryAgain, services } = alert({ 'sessions.retry': () => ok(sessionView('s1', { path: '/s1.wirebench' })) });
  await tryAgain();
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  expect(services.notices.getState().notices).toMatchObject([{ kind: 'done', detail: '/s1.wirebench' }]);
});

test('a failure after a success begins to count from the start', async () => {
  const { tryAgain, services } = alert({ 'sessions.retry': () => ok(failed(12)) });
  await tryAgain();
  await screen.findByText(/without success/);
  show(services, { sessions: [sessionView('s1')] });
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  show(services, { sessions: [failed(20)] });
  await screen.findByText(/^20 records saved/);
  expect(screen.queryByText(/without success/)).toBeNull();
});

test('a host with file dialogs asks for the other place with its own dialog', async () => {
  const { user, made, services } = alert({
    'dialogs.save': () => ok({ target: saveHandle('s1.wirebench') }),
    'sessions.move': () => ok(sessionView('s1', { path: '/other/s1.wirebench' })),
  });
  await user.click(screen.getByRole('button', { name: /another place|different file/ }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  expect(made('dialogs.save')).toMatchObject([{ suggestedName: 's1.wirebench' }]);
  expect(made('sessions.move')).toMatchObject([{ session: 's1', target: saveHandle('s1.wirebench') }]);
  expect(services.notices.getState()).toMatchObject({ jobs: [], notices: [{ detail: '/other/s1.wirebench' }] });
});

test('no place chosen moves nothing', async () => {
  const { user, made, services } = alert({ 'dialogs.save': () => ok({ target: null }) });
  await user.click(screen.getByRole('button', { name: /another place|different file/ }));
  expect(made('sessions.move')).toEqual([]);
  expect(services.notices.getState().notices).toEqual([]);
});

test('a place that cannot be written is reported as a notice', async () => {
  const { user, services } = alert({
    'dialogs.save': () => ok({ target: saveHandle('s1.wirebench') }),
    'sessions.move': () => fail('file', 'Could not move the session'),
  });
  await user.click(screen.getByRole('button', { name: /another place|different file/ }));
  const failure = { message: 'Could not move the session' };
  await waitFor(() => expect(services.notices.getState().notices).toMatchObject([{ failure }]));
});

test('a host without file dialogs offers places of its own', async () => {
  const place = { target: saveHandle('s1.wirebench'), folder: '/other', freeBytes: 1_000 };
  const { user } = alert({ 'places.list': () => ok({ places: [place] }) });
  await user.click(screen.getByRole('button', { name: /another place|different file/ }));
  await screen.findByRole('radio', { name: /^\/other/ });
});
