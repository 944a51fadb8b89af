import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, expect, test } from 'vitest';
import { renderTraffic } from '#support/render-traffic.tsx';
import { createFilterLanguage } from '../../../../../src/renderer/features/traffic/use-filter-bar.ts';
import { changeFilter, filterOfTab } from '../../../../../src/renderer/state/filters.ts';

const language = createFilterLanguage();
beforeAll(async () => void (await language.load()));

const rows = ['one', 'two', 'three', 'four', 'five'].map((preview) => ({ preview }));
const even = ({ seq }: { seq: number }) => seq % 2 === 1;

function traffic() {
  const rendered = renderTraffic({ rows, filters: { even, 'len == 4': even } });
  const field = screen.getByRole<HTMLInputElement>('combobox', { name: 'Filter' });
  const apply = async (text: string) => {
    await rendered.user.clear(field);
    await rendered.user.type(field, `${text}{Enter}`);
  };
  const selected = () => screen.getByRole('row', { selected: true }).textContent;
  return { ...rendered, field, apply, selected };
}

const bodyOf = ({ textContent }: Element) => /one|two|three|four|five/.exec(textContent ?? '')?.[0];

/** The rows that are marked as matches. */
const marked = () => Array.from(document.querySelectorAll('[role="row"][class*="_found_"]'), bodyOf);

const bodies = () => within(screen.getByRole('rowgroup')).getAllByRole('row').map(bodyOf);

test('a filter shows what matches, with its count, and is remembered', async () => {
  const { apply, services } = traffic();
  await screen.findByText('five');
  await apply('even');
  await screen.findByText('2 / 5');
  expect(bodies()).toEqual(['two', 'four']);
  expect(services.settings.getState().filters).toEqual(['even']);
});

test('an invalid filter leaves the rows and the count of the one before', async () => {
  const { apply, field } = traffic();
  await apply('len == 4');
  await screen.findByText('2 / 5');
  await apply('len == 4 && len >');
  await screen.findByText(/value is missing/);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  screen.getByText('2 / 5');
  expect(bodies()).toEqual(['two', 'four']);
});

test('finding marks what matches and leaves the other rows', async () => {
  const { apply, user } = traffic();
  await user.click(screen.getByRole('radio', { name: 'Find' }));
  await apply('even');
  await screen.findByText('2 / 5');
  await waitFor(() => expect(marked()).toEqual(['two', 'four']));
  expect(bodies()).toEqual(['one', 'two', 'three', 'four', 'five']);
});

test('the next match wraps around to the first one, with a notice', async () => {
  const { apply, selected, services, user } = traffic();
  await user.click(screen.getByRole('radio', { name: 'Find' }));
  await apply('even');
  const next = screen.getByRole('button', { name: /^Next match/ });
  await user.click(next);
  await waitFor(() => expect(selected()).toContain('two'));
  await user.click(next);
  await waitFor(() => expect(selected()).toContain('four'));
  expect(services.notices.getState().notices).toEqual([]);
  await user.click(next);
  await waitFor(() => expect(selected()).toContain('two'));
  expect(services.notices.getState().notices).toMatchObject([{ text: 'Wrapped to first match (#1)' }]);
});

test('the previous match wraps around to the last one, with a notice', async () => {
  const { apply, selected, services, user } = traffic();
  await user.click(screen.getByRole('radio', { name: 'Find' }));
  await apply('even');
  const previous = screen.getByRole('button', { name: /^Previous match/ });
  await user.click(previous);
  await waitFor(() => expect(selected()).toContain('four'));
  await user.click(previous);
  await waitFor(() => expect(selected()).toContain('two'));
  await user.click(previous);
  await waitFor(() => expect(selected()).toContain('four'));
  expect(services.notices.getState().notices).toMatchObject([{ text: 'Wrapped to last match (#3)' }]);
});

test('a search without a match ends with a notice', async () => {
  const { apply, services, user } = traffic();
  await user.click(screen.getByRole('radio', { name: 'Find' }));
  await apply('turbine');
  await screen.findByText('0 / 5');
  await user.click(screen.getByRole('button', { name: /^Next match/ }));
  const nothing = { kind: 'done', text: 'No matches', detail: 'turbine' };
  await waitFor(() => expect(services.notices.getState().notices).toMatchObject([nothing]));
});

test('where a filter hides the rest, the next match is the next row', async () => {
  const { apply, selected, user } = traffic();
  await apply('even');
  await screen.findByText('2 / 5');
  await user.click(screen.getByRole('button', { name: /^Next match/ }));
  await waitFor(() => expect(selected()).toContain('two'));
  await user.click(screen.getByRole('button', { name: /^Next match/ }));
  await waitFor(() => expect(selected()).toContain('four'));
});

test('without a filter there is no match to go to', () => {
  traffic();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Next match/ }).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Previous match/ }).disabled).toBe(true);
});

test('a filter that something else applied is in the bar', async () => {
  const { field, services } = traffic();
  await screen.findByText('five');
  changeFilter(services.filters, 'tab', { text: 'even' });
  await waitFor(() => expect(field.value).toBe('even'));
  await screen.findByText('2 / 5');
});

test('where nothing matches the table says so, and shows all records again on demand', async () => {
  const { apply, services, user } = traffic();
  await apply('turbine');
  await screen.findByText('No matches');
  await user.click(screen.getByRole('button', { name: 'Show all records' }));
  await screen.findByText('five');
  expect(filterOfTab(services.filters.getState(), 'tab').text).toBe('');
  expect(document.activeElement).toBe(screen.getByRole('grid', { name: 'Traffic' }));
});

test('a search that is stopped clears the filter and keeps it among the recent filters', async () => {
  const slow = { total: 100_000, matched: 1, scanned: 20_000, rows: [], sockets: [] };
  const { services, user } = renderTraffic({
    rows,
    session: { total: 100_000 },
    answers: { 'sessions.window': () => ({ ok: true, value: slow }) },
  });
  const field = screen.getByRole<HTMLInputElement>('combobox', { name: 'Filter' });
  await user.type(field, 'even{Enter}');
  await screen.findByText(/20 %/);
  await user.click(screen.getByRole('button', { name: 'Stop search' }));
  expect(field.value).toBe('');
  expect(services.settings.getState().filters).toEqual(['even']);
  expect(services.notices.getState().notices).toMatchObject([{ text: 'Search stopped' }]);
});
