import { screen } from '@testing-library/react';
import type { ComponentProps } from 'react';
import { expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { OptionField } from '../../../../src/renderer/ui/option-field.tsx';

type Option = ComponentProps<typeof OptionField>;

function renderOption(option: Partial<Option> & Pick<Option, 'kind' | 'value'>) {
  const [onChange, onDone] = [vi.fn(), vi.fn()];
  const user = renderAlone(
    <OptionField label="Option" help="What it is." onChange={onChange} onDone={onDone} {...option} />,
  );
  return { user, onChange, onDone };
}

test.each([
  ['text', 'a', 'textbox'],
  ['number', '1', 'textbox'],
  ['area', 'a', 'textbox'],
  ['check', true, 'checkbox'],
  ['choice', 'a', 'combobox'],
] as const)('an option of kind %s with the value %s is a %s with its name', (kind, value, role) => {
  renderOption({ kind, value, choices: [{ value: 'a', label: 'A' }] });
  expect(screen.getByRole(role, { name: 'Option' })).toBeTruthy();
});

test('a secret is not shown as it is typed', () => {
  renderOption({ kind: 'secret', value: 'sesame' });
  expect(screen.getByLabelText<HTMLInputElement>('Option').type).toBe('password');
});

test('a number asks for the keys of numbers', () => {
  renderOption({ kind: 'number', value: '5' });
  expect(screen.getByLabelText('Option').getAttribute('inputmode')).toBe('numeric');
});

test('what is typed is done with Enter, and when the field is left', async () => {
  const { user, onChange, onDone } = renderOption({ kind: 'text', value: '' });
  await user.type(screen.getByLabelText('Option'), 'x');
  expect(onChange).toHaveBeenCalledWith('x');
  expect(onDone).not.toHaveBeenCalled();
  await user.keyboard('{Enter}');
  expect(onDone).toHaveBeenCalledTimes(1);
  await user.tab();
  expect(onDone).toHaveBeenCalledTimes(2);
});

test('a choice tells the value of what is selected', async () => {
  const choices = [
    { value: 'off', label: 'never' },
    { value: 'on', label: 'always' },
  ];
  const { user, onChange } = renderOption({ kind: 'choice', value: 'off', choices });
  await user.selectOptions(screen.getByLabelText('Option'), 'always');
  expect(onChange).toHaveBeenCalledWith('on');
});

test.each(['text', 'check', 'choice', 'area'] as const)('a disabled option of kind %s cannot be changed', (kind) => {
  renderOption({ kind, value: kind === 'check' ? false : '', disabled: true });
  expect(screen.getByLabelText('Option').matches(':disabled')).toBe(true);
});
