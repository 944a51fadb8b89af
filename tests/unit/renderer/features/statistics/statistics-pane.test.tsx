import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { Statistics } from '#shared/statistics/statistics.ts';
import { renderPart, show } from '#support/render.tsx';
import { statisticsValue } from '#support/statistics-value.ts';
import { StatisticsPane } from '../../../../../src/renderer/features/statistics/statistics-pane.tsx';
import { showStatistics } from '../../../../../src/renderer/state/filters.ts';
import { fakeHost, sessionView } from '../../fake-services.ts';

function pane(answer: () => Result<Statistics> | Promise<Result<Statistics>>, filter = '') {
  const faked = fakeHost({ 'sessions.statistics': answer, 'jobs.cancel': () => ok({}) });
  show(faked.services, {});
  showStatistics(faked.services.statistics, 'tab', true);
  const session = sessionView('s1', { total: 8, state: 'read-only' });
  const user = renderPart(
    faked.services,
    <StatisticsPane tab="tab" session={session} filter={filter} scope="of all records" />,
  );
  const counts = () =>
    faked.calls
      .filter(({ name }) => name === 'sessions.statistics')
      .map(({ input }) => input as CallInput<'sessions.statistics'>);
  const cancelled = () => faked.calls.filter(({ name }) => name === 'jobs.cancel').map(({ input }) => input);
  return { ...faked, user, counts, cancelled };
}

test('the records under the filter are counted once, and said to be those', async () => {
  const { counts } = pane(() => ok(statisticsValue()), 'in');
  await screen.findByLabelText('Summary');
  screen.getByText('of all records');
  expect(counts()).toMatchObject([{ session: 's1', filter: 'in', pairing: { kind: 'order' } }]);
});

test('a count under way shows how far it is, and is not begun a second time', async () => {
  const { counts, push } = pane(() => new Promise(() => {}));
  screen.getByText('Calculating…');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Refresh' }).disabled).toBe(true);
  expect(screen.queryByRole('progressbar')).toBeNull();
  act(() => push({ kind: 'job.progress', job: counts()[0]?.job, done: 30, total: 120 }));
  expect(screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Calculating statistics' }).value).toBe(25);
});

test('a count is cancelled with its button, and refreshed after that', async () => {
  const answers: ((answer: Result<Statistics>) => void)[] = [];
  const { cancelled, counts, push, user } = pane(() => new Promise((resolve) => answers.push(resolve)));
  act(() => push({ kind: 'job.progress', job: counts()[0]?.job, done: 1, total: 2 }));
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(cancelled()).toEqual([{ job: counts()[0]?.job }]);
  answers[0]?.(fail('cancelled', 'Counting was cancelled'));
  await screen.findByText('Calculation cancelled');
  expect(screen.queryByRole('alert')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Refresh' }));
  answers[1]?.(ok(statisticsValue()));
  await screen.findByLabelText('Summary');
});

test('a count that failed is reported', async () => {
  pane(() => fail('file', 'Could not read the session'));
  await screen.findByText('Could not read the session');
  screen.getByText('No statistics yet');
});

test('where there are no records there is nothing to count', async () => {
  pane(() => ok(statisticsValue({ records: 0 })));
  await screen.findByText('No records to analyse');
});

test('replies are paired by path once a path is written', async () => {
  const { counts, user } = pane(() => ok(statisticsValue()));
  await user.click(await screen.findByRole('radio', { name: 'By path' }));
  const pair = screen.getByRole<HTMLButtonElement>('button', { name: 'Pair' });
  expect(pair.disabled).toBe(true);
  await user.type(screen.getByRole('textbox', { name: 'Path in the request' }), 'json.id');
  await user.type(screen.getByRole('textbox', { name: 'Path in the reply' }), 'json.re.id');
  expect(counts()).toHaveLength(1);
  await user.click(pair);
  await waitFor(() => expect(counts()).toHaveLength(2));
  expect(counts()[1]?.pairing).toEqual({ kind: 'path', request: 'json.id', reply: 'json.re.id' });
  await screen.findByText('Without a value');
  await user.click(screen.getByRole('radio', { name: 'In order' }));
  await waitFor(() => expect(counts()[2]?.pairing).toEqual({ kind: 'order' }));
});

test('without a path of the reply it is that of the request', async () => {
  const { counts, user } = pane(() => ok(statisticsValue()));
  await user.click(await screen.findByRole('radio', { name: 'By path' }));
  await user.type(screen.getByRole('textbox', { name: 'Path in the request' }), 'json.id{Enter}');
  await waitFor(() => expect(counts()[1]?.pairing).toEqual({ kind: 'path', request: 'json.id', reply: 'json.id' }));
});

test('a record of the sheet is shown in the traffic', async () => {
  const { services, user } = pane(() => ok(statisticsValue()));
  const requests: unknown[] = [];
  services.traffic.serve('tab', (request) => requests.push(request));
  await user.click(await screen.findByRole('button', { name: '#2' }));
  expect(requests).toEqual([{ kind: 'record', seq: 2 }]);
});
