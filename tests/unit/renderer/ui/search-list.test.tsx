import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { SearchList } from '../../../../src/renderer/ui/search-list.tsx';

const items = [
  { id: 'slip', label: 'SLIP (RFC 1055)', detail: 'framing', words: 'serial' },
  { id: 'modbus', label: 'Modbus TCP', detail: 'len:2be:at4', words: 'protocol' },
  { id: 'mqtt', label: 'MQTT', detail: 'len:varint:at1', words: 'protocol' },
];
const options = () => screen.getAllByRole('option').map(({ textContent }) => textContent);
const selected = () => screen.getByRole('option', { selected: true }).textContent;

function list() {
  const onSelect = vi.fn();
  const user = renderAlone(<SearchList label="Search" items={items} onSelect={onSelect} />);
  return { user, onSelect };
}

test('a search list has everything, is ready to type in, and typing narrows it by every word', async () => {
  const { user } = list();
  expect(options()).toHaveLength(3);
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'Search' }));
  await user.keyboard('protocol len');
  expect(options()).toEqual(['Modbus TCPlen:2be:at4', 'MQTTlen:varint:at1']);
  await user.keyboard(' MODB');
  expect(options()).toEqual(['Modbus TCPlen:2be:at4']);
  await user.keyboard('x');
  expect(screen.queryByRole('option')).toBeNull();
  expect(screen.getByText('No match')).toBeTruthy();
  await user.keyboard('{Enter}');
});

test('a search list is used by keyboard: arrows go round, and Enter selects', async () => {
  const { user, onSelect } = list();
  await user.keyboard('{ArrowDown}');
  expect(selected()).toContain('Modbus');
  await user.keyboard('{ArrowUp}{ArrowUp}');
  expect(selected()).toContain('MQTT');
  await user.keyboard('{Enter}');
  expect(onSelect).toHaveBeenCalledWith(items[2]);
  await user.keyboard('slip{Enter}');
  expect(onSelect).toHaveBeenLastCalledWith(items[0]);
});

test('a search list is used by pointer', async () => {
  const { user, onSelect } = list();
  await user.click(screen.getByRole('option', { name: /MQTT/ }));
  expect(onSelect).toHaveBeenCalledWith(items[2]);
});

test('a search list finds in another way, and says what it wants and that nothing fits, where it is told how', async () => {
  const find = (all: readonly (typeof items)[number][], query: string) => all.filter(({ id }) => id === query);
  const user = renderAlone(
    <SearchList label="Search" items={items} find={find} placeholder="An id" none="No such id" onSelect={() => {}} />,
  );
  screen.getByPlaceholderText('An id');
  screen.getByText('No such id');
  await user.keyboard('mqtt');
  expect(options()).toEqual(['MQTTlen:varint:at1']);
});
