import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Pairing, Statistics } from '#shared/statistics/statistics.ts';
import { socketInfo, startAt } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { distribution, flow, replyTimes, statisticsValue } from '#support/statistics-value.ts';
import { StatisticsSheet } from '../../../../../src/renderer/features/statistics/statistics-pane.tsx';
import { fakeHost } from '../../fake-services.ts';

function sheet(change: Partial<Statistics> = {}, pairing: Pairing = { kind: 'order' }) {
  const { services } = fakeHost({});
  show(services, {});
  const onGo = vi.fn();
  const user = renderPart(
    services,
    <StatisticsSheet statistics={statisticsValue(change)} pairing={pairing} onGo={onGo} />,
  );
  return { user, onGo };
}

/** The figures of a row by their names. */
function figures(label: string): Record<string, string> {
  const names = within(screen.getByLabelText(label)).getAllByRole('term');
  return Object.fromEntries(names.map((name) => [name.textContent, name.nextElementSibling?.textContent ?? '']));
}

const sockets = () => within(screen.getByRole('region', { name: 'Flows' }));
const flows = () =>
  sockets()
    .getAllByRole('rowheader')
    .map(({ parentElement }) => parentElement?.textContent ?? '');

test('the summary has the records, messages, rates, duration, sockets and problems', () => {
  sheet();
  expect(figures('Summary')).toMatchObject({
    Records: '8',
    'Messages in': '3',
    'Messages out': '3',
    'Mean rate in': '0.1/s',
    Duration: '22.0 s',
    Sockets: '2',
    Problems: '0',
  });
  screen.getByText('including 2 events');
});

test('without messages there is the summary alone', () => {
  sheet({ total: [flow(0, 'in', [], []), flow(0, 'out', [], [])] });
  screen.getByLabelText('Summary');
  expect(screen.queryByRole('region', { name: 'Rates' })).toBeNull();
});

test('each chart is named by what it says', () => {
  sheet();
  screen.getByRole('img', { name: 'Messages/s over time: peak 2.0 /s in, 3.0 /s out' });
  screen.getByRole('img', { name: 'Bytes/s over time: peak 16 B /s in, 185 B /s out' });
  const sizes = 'Sizes in: 3 values, minimum 8 B, median 8 B, 90th percentile 9 B, 99th percentile 9 B, maximum 9 B';
  screen.getByRole('img', { name: sizes });
  screen.getByRole('img', { name: /^Gaps in: 2 values, minimum 1\.0 s/ });
});

test('a handful of messages within milliseconds has neither a peak nor a mean rate', () => {
  const rates = { startAt, stepMs: 1, messagesIn: [1, 0, 1], messagesOut: [0, 1, 0] };
  sheet({
    lastAt: startAt + 3,
    total: [flow(0, 'in', [8, 9], []), flow(0, 'out', [5], [])],
    rates: { ...rates, bytesIn: [8, 0, 9], bytesOut: [0, 5, 0] },
  });
  const part = within(screen.getByRole('region', { name: 'Rates' }));
  part.getByText('Too few messages for a chart: all are within 1.0 s.');
  expect(part.queryByText(/peak/)).toBeNull();
  expect(figures('Summary')).toMatchObject({ 'Mean rate in': '–', 'Mean rate out': '–' });
});

test('the rates are drawn, with a legend of both directions', async () => {
  sheet();
  const chart = screen.getByRole('img', { name: /^Messages\/s/ });
  await waitFor(() => expect(chart.querySelector('canvas')).not.toBeNull());
  expect([...chart.querySelectorAll('.u-label')].map(({ textContent }) => textContent)).toEqual(['Time', 'In', 'Out']);
});

test('a spread has its percentiles, and one without values says so', () => {
  sheet({ total: [flow(0, 'in', [8, 9], []), flow(0, 'out', [5], [])] });
  const sizes = within(screen.getByRole('figure', { name: 'Sizes in' }));
  expect(sizes.getAllByRole('term').map(({ textContent }) => textContent)).toEqual([
    'mean',
    'p50',
    'p90',
    'p99',
    'p99.9',
    'max',
  ]);
  within(screen.getByRole('figure', { name: 'Gaps in' })).getByText('No values');
});

test('the figures of a chart can be read as a table', async () => {
  const { user } = sheet();
  expect(screen.queryByRole('region', { name: 'Sizes in' })).toBeNull();
  await user.click(screen.getByLabelText('Sizes in as a table'));
  const rows = within(await screen.findByRole('region', { name: 'Sizes in' })).getAllByRole('row');
  expect(rows.map(({ textContent }) => textContent)).toEqual(['FromToCount', '8 B9 B2', '9 B10 B1']);
});

test('the rates can be read as a table too', async () => {
  const { user } = sheet();
  await user.click(screen.getByLabelText('Messages/s as a table'));
  const [, first] = within(await screen.findByRole('region', { name: 'Messages/s' })).getAllByRole('row');
  expect(first?.textContent).toMatch(/2\.0 \/s0 \/s$/);
});

test('the replies have their figures, times and the slowest pairs', () => {
  sheet();
  expect(figures('Requests and replies')).toEqual({
    Requests: '3',
    Replies: '3',
    Pairs: '2',
    Unanswered: '1',
    Unexpected: '1',
  });
  screen.getByRole('img', { name: /^Time from request to reply: 2 values/ });
  const slowest = within(screen.getByRole('region', { name: 'Slowest replies' })).getAllByRole('row');
  expect(slowest.map(({ textContent }) => textContent)).toEqual(['TimeRequestReply', '19.1 s#0#5', '2.0 s#1#6']);
});

test('a slow pair and a request without an answer lead to their records', async () => {
  const { onGo, user } = sheet();
  await user.click(screen.getByRole('button', { name: '#5' }));
  await user.click(screen.getByRole('button', { name: '#2' }));
  expect(onGo.mock.calls).toEqual([[5], [2]]);
});

test('replies paired by path have duplicates and messages without a value', () => {
  sheet({ replies: replyTimes({ unkeyed: 4 }) }, { kind: 'path', request: 'json.id', reply: 'json.id' });
  expect(figures('Requests and replies')).toMatchObject({ Duplicates: '0', 'Without a value': '4' });
});

test('without a pair there are no times', () => {
  sheet({ replies: replyTimes({ times: distribution(), slowest: [], firstUnanswered: [], untimed: 2 }) });
  expect(screen.queryByRole('region', { name: 'Slowest replies' })).toBeNull();
  screen.getByText(/2 of them were not timed/);
});

test('sockets without framing are reported to have unreliable reply times', () => {
  sheet({ sockets: [socketInfo({ framing: 'raw' })] });
  screen.getByText(/Sockets without framing/);
});

test('a WebSocket or UDP socket without framing has messages', () => {
  sheet({
    sockets: [socketInfo({ framing: 'raw', transport: 'ws' }), socketInfo({ framing: 'raw', transport: 'udp' })],
  });
  expect(screen.queryByText(/without framing/)).toBeNull();
});

test('the flows are sorted by bytes, and by another column on demand', async () => {
  const { user } = sheet();
  expect(flows().map((text) => /in|out/.exec(text.slice(-40))?.[0])).toEqual(['out', 'in', 'out']);
  await user.click(sockets().getByRole('button', { name: 'Messages' }));
  expect(flows()[0]).toContain('in3');
  const column = sockets().getByRole('columnheader', { name: 'Messages' });
  expect(column.getAttribute('aria-sort')).toBe('descending');
  await user.click(sockets().getByRole('button', { name: 'Messages' }));
  expect(column.getAttribute('aria-sort')).toBe('ascending');
  expect(flows()[0]).toContain('out1');
});

test('the sizes and gaps of one flow are shown in place of those of all', async () => {
  const { user } = sheet();
  const second = () => screen.getByRole('button', { name: 'Sizes and gaps of socket 2, out' });
  await user.click(second());
  screen.getByRole('img', { name: /^Sizes out: 1 value, minimum 5 B/ });
  expect(screen.queryByRole('figure', { name: 'Sizes in' })).toBeNull();
  expect(second().getAttribute('aria-pressed')).toBe('true');
  await user.click(screen.getByRole('button', { name: 'Show all sockets' }));
  screen.getByRole('figure', { name: 'Sizes in' });
});

test('flows and sockets that are not listed are counted', () => {
  sheet({ moreFlows: 3, untracked: 12 });
  screen.getByText(/3 more flows not shown/);
  screen.getByText(/12 records/);
});
