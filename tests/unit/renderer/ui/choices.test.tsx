import { screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { Segmented, TabList } from '../../../../src/renderer/ui/choices.tsx';

const views = [
  { id: 'tree', label: 'Tree' },
  { id: 'text', label: 'Text' },
  { id: 'hex', label: 'Hex' },
] as const;
type View = (typeof views)[number]['id'];

function Views() {
  const [active, setActive] = useState<View>('tree');
  return <TabList label="Views" tabs={views} active={active} onSelect={setActive} panel="panel" />;
}

const selected = () => screen.getByRole('tab', { selected: true }).textContent;

test('a click selects a tab', async () => {
  const user = renderAlone(<Views />);
  expect(selected()).toBe('Tree');
  await user.click(screen.getByRole('tab', { name: 'Hex' }));
  expect(selected()).toBe('Hex');
});

test('arrow keys, Home and End select a tab and move the focus with it', async () => {
  const user = renderAlone(<Views />);
  await user.tab();
  for (const [key, tab] of [
    ['ArrowRight', 'Text'],
    ['End', 'Hex'],
    ['ArrowRight', 'Tree'],
    ['ArrowLeft', 'Hex'],
    ['Home', 'Tree'],
  ] as const) {
    await user.keyboard(`{${key}}`);
    expect(selected()).toBe(tab);
    expect(document.activeElement?.textContent).toBe(tab);
  }
});

test('only the selected tab is reached with Tab', async () => {
  const user = renderAlone(<Views />);
  await user.tab();
  await user.tab();
  expect(document.activeElement).toBe(document.body);
});

function Sizes() {
  const [value, setValue] = useState<'small' | 'large'>('small');
  const options = [
    { value: 'small', label: 'Small' },
    { value: 'large', label: 'Large', icon: <svg aria-hidden /> },
  ] as const;
  return <Segmented label="Size" value={value} options={options} onChange={setValue} />;
}

test('of a few values in sight one is selected', async () => {
  const user = renderAlone(<Sizes />);
  const isChecked = (name: string) => screen.getByRole<HTMLInputElement>('radio', { name }).checked;
  expect(screen.getByRole('radiogroup', { name: 'Size' })).toBeTruthy();
  expect([isChecked('Small'), isChecked('Large')]).toEqual([true, false]);
  await user.click(screen.getByText('Large'));
  expect([isChecked('Small'), isChecked('Large')]).toEqual([false, true]);
});
