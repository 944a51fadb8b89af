import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { renderPart, show } from '#support/render.tsx';
import { PlaceDialog } from '../../../../../src/renderer/features/sessions/place-dialog.tsx';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';

function place(answers: Answers = {}) {
  const faked = fakeHost(answers);
  show(faked.services, { sessions: [sessionView('s1', { path: '/sessions/s1.wirebench' })] });
  faked.services.dialogs.setState({ kind: 'recording-place' }, true);
  const user = renderPart(faked.services, <PlaceDialog />);
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Path of the file' });
  const move = screen.getByRole<HTMLButtonElement>('button', { name: /^Move/ });
  const write = async (path: string) => {
    await user.clear(field);
    await user.type(field, path);
  };
  return { ...faked, user, field, move, write };
}

test('the dialog begins with the place of now, to which nothing is moved', async () => {
  const { calls, field, move, user } = place();
  expect(field.value).toBe('/sessions/s1.wirebench');
  expect(move.disabled).toBe(true);
  await user.type(field, '{Enter}');
  expect(calls).toEqual([]);
});

test('no path is no place', async () => {
  const { move, write } = place();
  await write('  ');
  expect(move.disabled).toBe(true);
});

test('the recording moves to the path, and the dialog closes', async () => {
  const { calls, services, user, write } = place({ 'sessions.move': ({ path }) => ok(sessionView('s1', { path })) });
  await write(' /other disk ');
  await user.keyboard('{Enter}');
  expect(calls).toMatchObject([{ name: 'sessions.move', input: { session: 's1', path: '/other disk' } }]);
  await waitFor(() => expect(services.dialogs.getState().kind).toBe('none'));
});

test('a place that cannot be written is reported in the dialog, and another one can be tried', async () => {
  const { move, services, user, write } = place({ 'sessions.move': () => fail('file', 'Could not write there') });
  await write('/root/x');
  await user.click(move);
  await screen.findByText('Could not write there');
  expect(services.dialogs.getState().kind).toBe('recording-place');
  expect(move.disabled).toBe(false);
});

test('Cancel leaves the recording where it is', async () => {
  const { calls, services, user, write } = place();
  await write('/elsewhere');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(services.dialogs.getState().kind).toBe('none');
  expect(calls).toEqual([]);
});
