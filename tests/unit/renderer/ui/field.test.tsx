import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { AreaField, CheckField, SelectField, TextField } from '../../../../src/renderer/ui/field.tsx';

/** What a screen reader says of a control beside its name. */
const descriptionOf = (control: HTMLElement) =>
  (control.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent)
    .join(' | ');

function Typed({ label }: { readonly label: string }) {
  const [value, setValue] = useState('');
  return <TextField label={label} value={value} onChange={setValue} />;
}

describe('a text field', () => {
  test('takes what is typed', async () => {
    const user = renderAlone(<Typed label="Host" />);
    await user.type(screen.getByLabelText('Host'), 'device');
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Host' }).value).toBe('device');
  });

  test('is described by its help and its error, and says that it is invalid', () => {
    renderAlone(<TextField label="Port" value="x" help="Where it listens." error="a port is a number" />);
    const field = screen.getByRole('textbox', { name: 'Port' });
    expect(descriptionOf(field)).toBe('Where it listens. | a port is a number');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByRole('alert').textContent).toBe('a port is a number');
  });

  test('without help and error is described by nothing', () => {
    renderAlone(<TextField label="Port" value="1" />);
    const field = screen.getByRole('textbox', { name: 'Port' });
    expect(field.hasAttribute('aria-describedby')).toBe(false);
    expect(field.hasAttribute('aria-invalid')).toBe(false);
  });

  test('keeps its name where the label is not drawn', () => {
    renderAlone(<TextField label="Port" hideLabel value="1" />);
    expect(screen.getByRole('textbox', { name: 'Port' })).toBeTruthy();
    expect(screen.queryByText('Port')).toBeNull();
  });
});

describe('an area', () => {
  test('tells what is typed and that it was left', async () => {
    const [changed, left] = [vi.fn(), vi.fn()];
    const user = renderAlone(<AreaField label="Reply" value="" onChange={changed} onBlur={left} />);
    await user.type(screen.getByRole('textbox', { name: 'Reply' }), 'a');
    expect(changed.mock.lastCall?.[0]).toBe('a');
    await user.tab();
    expect(left).toHaveBeenCalledOnce();
  });

  test('shows its error', () => {
    renderAlone(<AreaField label="Reply" value="" error="a text is needed" onChange={vi.fn()} />);
    expect(descriptionOf(screen.getByRole('textbox', { name: 'Reply' }))).toBe('a text is needed');
  });
});

describe('a selection', () => {
  const options = [
    { value: 'lf', label: 'lines', group: 'Common' },
    { value: 'raw', label: 'none', group: 'Common' },
    { value: 'slip', label: 'SLIP', group: 'More' },
  ] as const;

  test('offers its choices in their groups, and tells which was taken', async () => {
    const changed = vi.fn();
    const user = renderAlone(<SelectField label="Framing" value="lf" options={options} onChange={changed} />);
    const common = screen.getByRole('group', { name: 'Common' });
    expect(within(common).getAllByRole('option')).toHaveLength(2);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Framing' }), 'SLIP');
    expect(changed).toHaveBeenCalledWith('slip');
  });

  test('has no groups where its choices have none', () => {
    const plain = [{ value: 'a', label: 'A' }];
    renderAlone(<SelectField label="Unit" value="a" options={plain} onChange={vi.fn()} />);
    expect(screen.queryByRole('group')).toBeNull();
    expect(screen.getByRole('option', { name: 'A' })).toBeTruthy();
  });
});

describe('a check box', () => {
  test('tells how it is after a click on its label', async () => {
    const changed = vi.fn();
    const user = renderAlone(<CheckField label="Keep-alive" help="Probes." checked={false} onChange={changed} />);
    await user.click(screen.getByText('Keep-alive'));
    expect(changed).toHaveBeenCalledWith(true);
    expect(descriptionOf(screen.getByRole('checkbox', { name: 'Keep-alive' }))).toBe('Probes.');
  });

  test('cannot be changed while it is disabled', async () => {
    const changed = vi.fn();
    const user = renderAlone(<CheckField label="Keep-alive" checked disabled onChange={changed} />);
    await user.click(screen.getByRole('checkbox', { name: 'Keep-alive' }));
    expect(changed).not.toHaveBeenCalled();
  });
});
