import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderPart } from '#support/render.tsx';
import { Palette } from '../../../../../src/renderer/features/palette/palette.tsx';
import { fakeHost } from '../../fake-services.ts';

function palette() {
  const done: string[] = [];
  const item = (id: string, label: string, detail = '') => ({ id, label, detail, words: '', run: () => done.push(id) });
  const onClose = vi.fn(() => done.push('closed'));
  const items = [item('launch', 'Launch server'), item('save', 'Save session', 'Ctrl+S'), item('stop', 'Stop server')];
  const user = renderPart(fakeHost({}).services, <Palette items={items} onClose={onClose} />);
  const field = screen.getByRole('combobox', { name: 'Command' });
  field.focus();
  const chosen = () => screen.getByRole('option', { selected: true }).textContent;
  const labels = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);
  return { user, done, field, chosen, labels };
}

test('all commands are listed with their keys, the first one chosen', () => {
  const { chosen, field, labels } = palette();
  expect(labels()).toEqual(['Launch server', 'Save sessionCtrl+S', 'Stop server']);
  expect(chosen()).toBe('Launch server');
  expect(field.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option', { selected: true }).id);
});

test('typing finds commands by a part of their name, the best first', async () => {
  const { labels, user } = palette();
  await user.keyboard('serv');
  expect(labels()).toEqual(['Stop server', 'Launch server']);
});

test('Enter closes the palette and then runs the chosen command', async () => {
  const { done, user } = palette();
  await user.keyboard('save{Enter}');
  expect(done).toEqual(['closed', 'save']);
});

test('the arrow keys go round', async () => {
  const { chosen, user } = palette();
  await user.keyboard('{ArrowUp}');
  expect(chosen()).toBe('Stop server');
  await user.keyboard('{ArrowDown}{ArrowDown}');
  expect(chosen()).toContain('Save session');
});

test('the choice begins at the best again with each letter', async () => {
  const { chosen, user } = palette();
  await user.keyboard('{ArrowDown}{ArrowDown}');
  await user.keyboard('s');
  expect(chosen()).toBe(screen.getAllByRole('option')[0]?.textContent);
});

test('the pointer chooses and runs a command', async () => {
  const { chosen, done, user } = palette();
  const stop = screen.getByRole('option', { name: 'Stop server' });
  await user.hover(stop);
  expect(chosen()).toBe('Stop server');
  await user.click(stop);
  expect(done).toEqual(['closed', 'stop']);
});

test('where no command matches the palette says so, and Enter does nothing', async () => {
  const { done, labels, user } = palette();
  await user.keyboard('xyz');
  expect(labels()).toEqual([]);
  screen.getByText('No matching command');
  await user.keyboard('{ArrowDown}{Enter}');
  expect(done).toEqual([]);
});

test('Escape closes the palette without a command', async () => {
  const { done, user } = palette();
  await user.keyboard('{Escape}');
  expect(done).toEqual(['closed']);
});
