import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { useState } from 'react';
import { beforeAll, expect, test, vi } from 'vitest';
import { renderPart } from '#support/render.tsx';
import { FilterBar, type FilterBarProps } from '../../../../../src/renderer/features/traffic/filter-bar.tsx';
import { createFilterLanguage } from '../../../../../src/renderer/features/traffic/use-filter-bar.ts';
import { fakeHost } from '../../fake-services.ts';

const language = createFilterLanguage();
// Loaded by the bar when it is first used; here once, so that no test waits for it.
beforeAll(async () => void (await language.load()));

/** The bar, which gets back what it applies. */
function bar({ value = '', ...props }: Partial<FilterBarProps> = {}) {
  const applied: string[] = [];
  const onCancel = vi.fn();
  function Host() {
    const [current, setCurrent] = useState(value);
    const onApply = (text: string) => {
      applied.push(text);
      setCurrent(text);
    };
    return <FilterBar history={[]} onCancel={onCancel} {...props} value={current} onApply={onApply} />;
  }
  const { services } = fakeHost({});
  services.own(createFilterLanguage).loaded = language.loaded;
  const user = renderPart(services, <Host />);
  return { user, applied, onCancel, field: screen.getByRole<HTMLInputElement>('combobox', { name: 'Filter' }) };
}

const options = (name: RegExp) =>
  within(screen.getByRole('listbox', { name }))
    .getAllByRole('option')
    .map(({ textContent }) => textContent);

test('Enter applies what is written, without white space around it', async () => {
  const { applied, field, user } = bar();
  await user.type(field, ' boiler ');
  screen.getByText('↵ to apply');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(applied).toEqual(['boiler']));
  expect(screen.queryByText('↵ to apply')).toBeNull();
});

test('an invalid filter is explained and not applied', async () => {
  const { applied, field, user } = bar({ value: 'json.sensor.id == 7' });
  await user.type(field, ' && len >{Enter}');
  const words = await screen.findByText(/value is missing/);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(field.getAttribute('aria-describedby')).toBe(words.closest('[role="status"]')?.id);
  expect(applied).toEqual([]);
});

/** Writes without a hand, whose waiting needs real timers. */
function write(field: HTMLInputElement, text: string): void {
  vi.useFakeTimers();
  fireEvent.focus(field);
  fireEvent.change(field, { target: { value: text } });
}

test('a filter that is only unfinished is marked when typing pauses', () => {
  const { field } = bar();
  write(field, 'len >');
  expect(field.getAttribute('aria-invalid')).toBeNull();
  act(() => vi.advanceTimersByTime(2_000));
  expect(field.getAttribute('aria-invalid')).toBe('true');
});

test('an error before the end of the text is marked immediately, at its position', () => {
  const { field } = bar();
  write(field, '&& boiler');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.querySelector('[class*="_wrong_"]')?.textContent).toBe('&&');
});

test('an error is explained when typing pauses, and Escape dismisses the explanation', () => {
  const { field } = bar();
  write(field, '&& boiler');
  expect(screen.queryByRole('status')).toBeNull();
  act(() => vi.advanceTimersByTime(2_000));
  screen.getByRole('status');
  fireEvent.keyDown(field, { key: 'Escape' });
  expect(screen.queryByRole('status')).toBeNull();
  expect(field.value).toBe('&& boiler');
});

test('a field is completed: the list opens while typing, Tab takes the first option', async () => {
  const { field, user } = bar();
  await user.type(field, 'bookm');
  expect(options(/Suggestions/)[0]).toContain('bookmarked');
  expect(field.getAttribute('aria-expanded')).toBe('true');
  await user.keyboard('{Tab}');
  expect(field.value).toMatch(/^bookmarked\b/);
  expect(document.activeElement).toBe(field);
});

test('the arrow keys go through the options, and Enter takes the active one', async () => {
  const { applied, field, user } = bar();
  await user.type(field, 'end');
  await user.keyboard('{ArrowDown}');
  const active = screen.getByRole('option', { selected: true });
  expect(field.getAttribute('aria-activedescendant')).toBe(active.id);
  await user.keyboard('{Enter}');
  expect(field.value).toMatch(/^endpoint/);
  expect(applied).toEqual([]);
});

test('an option can be clicked, and the field keeps the focus', async () => {
  const { field, user } = bar();
  await user.type(field, 'bookm');
  await user.click(screen.getAllByRole('option')[0] ?? field);
  expect(field.value).toMatch(/^bookmarked/);
  expect(document.activeElement).toBe(field);
});

test('recent filters come back: the button lists them, Enter applies one', async () => {
  const { applied, field, user } = bar({ history: ['len > 10', 'json.id == 7'] });
  await user.click(screen.getByRole('button', { name: 'Recent filters' }));
  expect(options(/Recent filters/)).toEqual(['len > 10', 'json.id == 7']);
  await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  await waitFor(() => expect(applied).toEqual(['json.id == 7']));
  expect(field.value).toBe('json.id == 7');
});

test('the arrow key down recalls the recent filters in an empty field', async () => {
  const { field, user } = bar({ history: ['len > 10'] });
  await user.click(field);
  await user.keyboard('{ArrowDown}');
  expect(options(/Recent filters/)).toEqual(['len > 10']);
});

test('a click on a recent filter applies it', async () => {
  const { applied, user } = bar({ history: ['len > 10'] });
  await user.click(screen.getByRole('button', { name: 'Recent filters' }));
  await user.click(screen.getByRole('option', { name: 'len > 10' }));
  await waitFor(() => expect(applied).toEqual(['len > 10']));
});

test('without a recent filter there is nothing to recall', () => {
  bar();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Recent filters' }).disabled).toBe(true);
});

test('Escape closes the list first, and then clears the filter', async () => {
  const { applied, field, user } = bar({ value: 'boiler' });
  await user.clear(field);
  await user.type(field, 'bookm');
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(field.value).toBe('bookm');
  await user.keyboard('{Escape}');
  expect(field.value).toBe('');
  expect(applied).toEqual(['']);
});

test('the filter is cleared with its button, which is there only for a text', async () => {
  const { applied, field, user } = bar({ value: 'boiler' });
  await user.click(screen.getByRole('button', { name: 'Clear filter' }));
  expect(applied).toEqual(['']);
  expect(document.activeElement).toBe(field);
  expect(screen.queryByRole('button', { name: 'Clear filter' })).toBeNull();
});

test('leaving the field closes its list', async () => {
  const { field, user } = bar();
  await user.type(field, 'bookm');
  await user.click(document.body);
  expect(screen.queryByRole('listbox')).toBeNull();
});

test('the help explains the fields and tries an example beside what is written', async () => {
  const { applied, field, user } = bar({ value: 'boiler' });
  await user.click(screen.getByRole('button', { name: 'Filter help' }));
  const help = screen.getByRole('dialog', { name: 'Filter help' });
  const line = within(help).getByRole('row', { name: /^len / });
  await user.click(within(line).getByRole('button'));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(field.value).toMatch(/^boiler && len /);
  expect(applied).toEqual([]);
});

test('an applied filter has its count, and a search under way its progress', async () => {
  const { onCancel, user, field } = bar({
    value: 'boiler',
    status: { matched: 1_200, scanned: 25_000, total: 100_000 },
  });
  screen.getByText(/^1\s200 \/ 100\s000$/);
  expect(screen.getByRole<HTMLProgressElement>('progressbar', { name: 'Searching' }).value).toBe(25);
  await user.click(screen.getByRole('button', { name: 'Stop search' }));
  expect(onCancel).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(field);
});

test('a search that keeps up has no progress', () => {
  bar({ value: 'boiler', status: { matched: 3, scanned: 99_500, total: 100_000 } });
  expect(screen.queryByRole('progressbar')).toBeNull();
});

test('a count that is not known yet is left open', () => {
  bar({ value: 'boiler', status: { matched: undefined, scanned: 0, total: 10 } });
  screen.getByText('… / 10');
});

test('without a filter there is no count', () => {
  bar({ value: '', status: { matched: 10, scanned: 10, total: 10 } });
  expect(screen.queryByText(/\/ 10/)).toBeNull();
});

test('the choice between filtering and finding reports what was chosen', async () => {
  const onMode = vi.fn();
  const { user, field } = bar({ mode: 'filter', onMode });
  expect(field.placeholder).toMatch(/^Filter/);
  await user.click(screen.getByRole('radio', { name: 'Find' }));
  expect(onMode).toHaveBeenCalledWith('find');
});
