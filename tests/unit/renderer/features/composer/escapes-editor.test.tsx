import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '#shared/failure.ts';
import { Composer } from '../../../../../src/renderer/features/composer/composer.tsx';
import { inputsOf } from '../../fake-endpoints.ts';
import { composeOnServer } from './compose-on.tsx';

async function escapes(text: string) {
  const made = composeOnServer((tab) => <Composer tab={tab} />, {
    draft: { text, format: 'text', formatChosen: true },
    answers: { 'sockets.send': () => ok({ sent: [] }) },
  });
  await made.user.click(screen.getByRole('checkbox', { name: 'Escapes' }));
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Payload with escapes' });
  await waitFor(() => expect(field.readOnly).toBe(false));
  return { ...made, field, write: (value: string) => fireEvent.change(field, { target: { value } }) };
}

test('Escapes show line ends and control characters, and editing them changes the text', async () => {
  const { field, write, draft, user, ...host } = await escapes('é\r\n\u001b[0m');
  await waitFor(() => expect(field.value).toBe('é\\r\\n\\u001b[0m'));
  write('\\x02é\\n');
  expect(draft()).toMatchObject({ text: '\u0002é\n', changed: true });
  expect(field.value).toBe('\\x02é\\n');
  await user.click(screen.getByRole('button', { name: 'Send' }));
  await waitFor(() =>
    expect(Object(inputsOf(host, 'sockets.send')[0]).bytes).toEqual(Uint8Array.of(2, 0xc3, 0xa9, 10)),
  );
});

test('follow a change of the text by another part of the window', async () => {
  const { field, change } = await escapes('a');
  change({ text: 'b\t', revision: 9 });
  await waitFor(() => expect(field.value).toBe('b\\t'));
});

test.each([
  ['a\\q', /line 1, column 2: Unknown escape/],
  ['\\xff', /byte 0: .*Select the format Hex/],
])('%s is refused with its place, and is not sent', async (written, reason) => {
  const { write, draft, user, ...host } = await escapes('before');
  write(written);
  expect(await screen.findByText(reason)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Send' }));
  await waitFor(() =>
    expect(draft().outcome?.failure?.message).toBe('The payload was not sent: its bytes cannot be made'),
  );
  expect(inputsOf(host, 'sockets.send')).toEqual([]);
  await user.click(screen.getByRole('checkbox', { name: 'Escapes' }));
  await user.click(screen.getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(inputsOf(host, 'sockets.send')).toHaveLength(1));
});
