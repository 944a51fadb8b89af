import { act, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderPart, show } from '#support/render.tsx';
import { Notices } from '../../../../../src/renderer/features/notices/notices.tsx';
import {
  endFailures,
  type Job,
  progressJob,
  putJob,
  showDone,
  showFailure,
  showOffer,
  withdrawOffer,
} from '../../../../../src/renderer/state/notices.ts';
import { fakeHost } from '../../fake-services.ts';

function notices() {
  const { services } = fakeHost({});
  show(services, {});
  return { store: services.notices, user: renderPart(services, <Notices />) };
}

const failure = {
  code: 'file',
  message: 'Could not save',
  system: 'write(): EIO',
  hint: 'Check the disk.',
} as const;
const saving: Job = { id: 't', label: 'Saving a.csv', done: 0, total: 0, unit: 'bytes', cancel: undefined };

test('what is done is shown with its detail, until it is dismissed', async () => {
  const { store, user } = notices();
  act(() => showDone(store, 'Saved 3 records', '/home/me/a.csv'));
  const card = screen.getByRole('status');
  within(card).getByText('/home/me/a.csv');
  await user.click(within(card).getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByRole('status')).toBeNull();
});

test('what is done goes after a while, a failure stays', () => {
  vi.useFakeTimers();
  const { store } = notices();
  act(() => {
    showDone(store, 'Saved 3 records');
    showFailure(store, failure);
  });
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.queryByText('Saved 3 records')).toBeNull();
  screen.getByText('Could not save');
});

test('the failure of an action goes when the action succeeds, that of another one stays', () => {
  const { store } = notices();
  act(() => {
    showFailure(store, failure, 'save');
    showFailure(store, { ...failure, message: 'Could not open' }, 'open');
    endFailures(store, 'open');
  });
  screen.getByText('Could not save');
  expect(screen.queryByText('Could not open')).toBeNull();
});

test('an offer goes when it is withdrawn', () => {
  const { store } = notices();
  act(() =>
    showOffer(store, { key: 'a', text: 'The framing is now “JSON values”.', detail: '', label: 'Go', run: () => {} }),
  );
  act(() => withdrawOffer(store, 'b'));
  screen.getByText(/JSON values/);
  act(() => withdrawOffer(store, 'a'));
  expect(screen.queryByText(/JSON values/)).toBeNull();
});

test('a failure has its three parts, and is dismissed by hand', async () => {
  const { store, user } = notices();
  act(() => showFailure(store, failure));
  expect(screen.getByRole('alert').textContent).toMatch(/Could not save.*write\(\): EIO.*Check the disk\./);
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('the same failure again is shown once, and of many notices the last four', () => {
  const { store } = notices();
  act(() => {
    showFailure(store, failure);
    showFailure(store, failure);
  });
  expect(screen.getAllByRole('alert')).toHaveLength(1);
  act(() => {
    for (const text of ['1', '2', '3', '4']) showDone(store, text);
  });
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getAllByRole('status')).toHaveLength(4);
});

test('an offer is taken or dismissed, and gone after either', async () => {
  const { store, user } = notices();
  const run = vi.fn();
  const offer = { text: 'Wirebench did not end in order', detail: '3 records', label: 'Open it', run };
  act(() => showOffer(store, offer));
  await user.click(screen.getByRole('button', { name: 'Open it' }));
  expect(run).toHaveBeenCalledOnce();
  expect(screen.queryByRole('status')).toBeNull();
  act(() => showOffer(store, offer));
  await user.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(run).toHaveBeenCalledOnce();
});

test('long work has no figure before its first progress, and then how much is done', () => {
  const { store } = notices();
  act(() => putJob(store, saving));
  const bar = screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Saving a.csv' });
  expect(bar.hasAttribute('value')).toBe(false);
  act(() => progressJob(store, 't', 500_000, 2_000_000));
  screen.getByText('500 KB of 2.0 MB');
  expect(bar.value).toBe(0.25);
});

test('work of unknown length counts what is done', () => {
  const { store } = notices();
  act(() => putJob(store, { ...saving, unit: 'records', done: 1_200 }));
  screen.getByText(/^1\s200$/);
});

test('work is cancelled with its button where it can be', async () => {
  const { store, user } = notices();
  const cancel = vi.fn();
  act(() => putJob(store, saving));
  expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
  act(() => putJob(store, { ...saving, cancel }));
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(cancel).toHaveBeenCalledOnce();
});
