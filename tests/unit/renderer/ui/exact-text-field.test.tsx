import { fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderAlone } from '#support/render.tsx';
import { ExactTextField } from '../../../../src/renderer/ui/exact-text-field.tsx';

let sent = '';

function Field({ value: first }: { readonly value: string }) {
  const [value, setValue] = useState(first);
  sent = value;
  return <ExactTextField label="Reply" value={value} onChange={setValue} />;
}

const area = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Reply' });
const lineEnds = () => screen.queryByRole<HTMLSelectElement>('combobox', { name: 'Line ends' });

test('a text is shown with LF and stays as it is', async () => {
  const user = renderAlone(<Field value={'one\r\ntwo\rthree'} />);
  expect(area().value).toBe('one\ntwo\nthree');
  expect(lineEnds()?.value).toBe('mixed');
  await user.type(area(), '!');
  expect(sent).toBe('one\r\ntwo\rthree!');
});

test('a text is pasted as it is on the clipboard', () => {
  renderAlone(<Field value="one" />);
  expect(lineEnds()).toBeNull();
  const text = '\ufeffMSH|a\rPID|b\r\n';
  area().setSelectionRange(0, 3);
  fireEvent.paste(area(), { clipboardData: { getData: () => text } });
  fireEvent.input(area(), { target: { value: '\ufeffMSH|a\nPID|b\n' }, inputType: 'insertFromPaste' });
  expect(sent).toBe(text);
  expect(lineEnds()?.value).toBe('mixed');
});

test('the line ends of all lines are selected, where there is more than one line', async () => {
  const user = renderAlone(<Field value={'one\ntwo'} />);
  await user.selectOptions(lineEnds() as HTMLSelectElement, 'CRLF');
  expect(sent).toBe('one\r\ntwo');
  await user.type(area(), '{Enter}');
  expect(sent).toBe('one\r\ntwo\r\n');
});

test('a byte order mark is shown, and taken away', async () => {
  const user = renderAlone(<Field value={'\ufeffone'} />);
  expect(area().value).toBe('one');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Encoding' }), 'UTF-8');
  expect(sent).toBe('one');
  expect(screen.queryByRole('combobox', { name: 'Encoding' })).toBeNull();
});

test('undo brings the line ends back', () => {
  renderAlone(<Field value={'one\r\ntwo'} />);
  fireEvent.input(area(), { target: { value: 'onetwo' }, inputType: 'deleteContentBackward' });
  expect(sent).toBe('onetwo');
  fireEvent.input(area(), { target: { value: 'one\ntwo' }, inputType: 'historyUndo' });
  expect(sent).toBe('one\r\ntwo');
});
