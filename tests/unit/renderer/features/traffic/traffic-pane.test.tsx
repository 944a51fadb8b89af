import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { renderTraffic } from '#support/render-traffic.tsx';
import { filterOfTab } from '../../../../../src/renderer/state/filters.ts';
import { trafficLayout } from '../../../../../src/renderer/state/settings.ts';

const rows = ['one', 'two', 'three'].map((preview) => ({ preview }));

test('a session without records says what will be there', () => {
  renderTraffic({ rows: [] });
  screen.getByText('No records yet');
  screen.getByText('0 records');
});

test('the bar shows the number of records and the notice of the session', async () => {
  renderTraffic({ rows, session: { notice: 'not ended in order' } });
  await screen.findByText('3 records');
  screen.getByText('not ended in order');
});

test('the hint on how to read the records is above them', () => {
  renderTraffic({ rows, note: 'each row is one read' });
  expect(screen.getByText('each row is one read').title).toBe('each row is one read');
});

test('rows that cannot be read are reported over the table', async () => {
  renderTraffic({ rows, answers: { 'sessions.window': () => fail('file', 'Could not read the session') } });
  await screen.findByText('Could not read the session');
});

test('the records are shown as a table or as a stream, which is remembered', async () => {
  const { services, user } = renderTraffic({ rows });
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Table' }).checked).toBe(true);
  await user.click(screen.getByRole('radio', { name: 'Stream' }));
  expect(trafficLayout(services.settings.getState())).toBe('stream');
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Stream' }).checked).toBe(true);
  await user.click(screen.getByRole('radio', { name: 'Table' }));
  expect(trafficLayout(services.settings.getState())).toBe('table');
});

test('statistics take the place of the rows, under the same filter bar', async () => {
  const { user } = renderTraffic({ rows });
  await user.click(screen.getByRole('radio', { name: 'Statistics' }));
  expect(screen.queryByRole('grid')).toBeNull();
  screen.getByRole('region', { name: 'Statistics' });
  screen.getByRole('search', { name: 'Filter records' });
});

test('the tab of an endpoint shows its records, and those of all on demand', async () => {
  const { services, user } = renderTraffic({
    rows,
    endpoint: 'e1',
    filters: { 'endpoint.id == "e1"': ({ seq }) => seq === 1 },
  });
  await screen.findByText('1 of 3 records');
  await user.click(screen.getByRole('radio', { name: 'All' }));
  await screen.findByText('3 records');
  expect(filterOfTab(services.filters.getState(), 'tab').all).toBe(true);
  await user.click(screen.getByRole('radio', { name: 'This endpoint' }));
  await screen.findByText('1 of 3 records');
});

test('the tab of a session has no choice of an endpoint', () => {
  renderTraffic({ rows });
  expect(screen.queryByRole('radiogroup', { name: 'Scope' })).toBeNull();
});

test('records that arrive below the rows in sight are counted, and gone to with a click', async () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ preview: `message ${index}` }));
  const { change, user } = renderTraffic({ rows: many, session: { total: 60, state: 'recording' } });
  await user.click(await screen.findByText('message 50'));
  change({ total: 100 });
  await user.click(await screen.findByRole('button', { name: '40 new' }));
  await screen.findByText('message 99');
  expect(screen.queryByRole('button', { name: / new$/ })).toBeNull();
});

test('statistics give way to the rows when a record is gone to', async () => {
  const { services, user } = renderTraffic({
    rows,
    answers: { 'sessions.statistics': () => new Promise(() => {}), 'jobs.cancel': () => ok({}) },
  });
  await user.click(screen.getByRole('radio', { name: 'Statistics' }));
  act(() => services.traffic.request('tab', { kind: 'record', seq: 1 }));
  await waitFor(() => expect(screen.getByRole('row', { selected: true }).textContent).toContain('two'));
});
