import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { saveHandle } from '#support/file-handles.ts';
import { renderPart, show } from '#support/render.tsx';
import { PlaceDialog } from '../../../../../src/renderer/features/sessions/session-dialogs.tsx';
import { type Answers, fakeHost, sessionView } from '../../fake-services.ts';

const folders = ['/home/me', '/tmp'];

async function place(answers: Answers = {}) {
  let listed = 0;
  const faked = fakeHost({
    'places.list': ({ suggestedName }) => {
      listed += 1;
      const target = saveHandle(`${listed}-${suggestedName}`);
      return ok({ places: folders.map((folder) => ({ target, folder, freeBytes: 3_000_000 })) });
    },
    ...answers,
  });
  show(faked.services, { sessions: [sessionView('s1', { path: '/sessions/s1.wirebench' })] });
  faked.services.dialogs.setState({ kind: 'recording-place' }, true);
  const user = renderPart(faked.services, <PlaceDialog />);
  const move = screen.getByRole<HTMLButtonElement>('button', { name: /^Move/ });
  const moves = () => faked.calls.filter(({ name }) => name === 'sessions.move').map(({ input }) => input);
  const select = async (folder: string) => user.click(await screen.findByRole('radio', { name: RegExp(`^${folder}`) }));
  return { ...faked, user, move, moves, select };
}

test('the dialog offers the places of the host with their free space, and none is selected', async () => {
  const { move } = await place();
  const radios = await screen.findAllByRole<HTMLInputElement>('radio');
  expect(radios.map(({ checked }) => checked)).toEqual([false, false]);
  expect(screen.getAllByText('3.0 MB free')).toHaveLength(2);
  expect(screen.queryByRole('textbox')).toBeNull();
  expect(move.disabled).toBe(true);
});

test('the recording moves to the place that is selected, and the dialog closes', async () => {
  const { move, moves, select, services, user } = await place({ 'sessions.move': () => ok(sessionView('s1')) });
  await select('/tmp');
  await user.click(move);
  expect(moves()).toMatchObject([{ session: 's1', target: saveHandle('1-s1.wirebench') }]);
  await waitFor(() => expect(services.dialogs.getState().kind).toBe('none'));
});

test('a place that cannot be written is reported in the dialog, and the next attempt has a new handle', async () => {
  const { move, moves, select, services, user } = await place({
    'sessions.move': () => fail('file', 'Could not write there'),
  });
  await select('/home/me');
  await user.click(move);
  await screen.findByText('Could not write there');
  expect(services.dialogs.getState().kind).toBe('recording-place');
  await waitFor(() => expect(move.disabled).toBe(false));
  await user.click(move);
  await waitFor(() => expect(moves()).toHaveLength(2));
  expect(moves()).toMatchObject([1, 2].map((attempt) => ({ target: saveHandle(`${attempt}-s1.wirebench`) })));
});

test('where the host has no places it is said why', async () => {
  await place({ 'places.list': () => fail('file', 'Could not list the places') });
  await screen.findByText('Could not list the places');
});

test('Cancel leaves the recording where it is', async () => {
  const { moves, select, services, user } = await place();
  await select('/tmp');
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(services.dialogs.getState().kind).toBe('none');
  expect(moves()).toEqual([]);
});
