import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import { renderInspector } from '#support/render-traffic.tsx';
import { syncSelections } from '../../../../../src/renderer/state/selection.ts';
import type { Answers } from '../../fake-services.ts';

const kept: Answers = {
  'sessions.mark': ({ seq, bookmarked = false, note = '' }) => ok({ seq, bookmarked, note }),
};

function marked(note: string, answers: Answers = kept) {
  const written = { preview: 'hello', ...(note === '' ? {} : { mark: { bookmarked: false, note } }) };
  const rendered = renderInspector({ written, answers });
  syncSelections(rendered.services.client, rendered.services.selection);
  const marks = () => rendered.calls.filter(({ name }) => name === 'sessions.mark').map(({ input }) => input);
  /** The engine reports the mark of the record to every page. */
  const report = (mark: { bookmarked: boolean; note: string }) =>
    act(() => rendered.push({ kind: 'marks', session: 's1', changed: [{ seq: 3, ...mark }] }));
  return { ...rendered, marks, report };
}

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Note on record 3' });

test('a record without a note has no field until one is asked for, which then has the focus', async () => {
  const { user } = marked('');
  expect(screen.queryByRole('textbox')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Add a note' }));
  expect(document.activeElement).toBe(field());
  expect(screen.queryByRole('button', { name: 'Add a note' })).toBeNull();
});

test('a note is saved without white space around it when its field is left', async () => {
  const { marks, user } = marked('');
  await user.click(screen.getByRole('button', { name: 'Add a note' }));
  await user.keyboard(' look here ');
  expect(marks()).toEqual([]);
  await user.click(document.body);
  expect(marks()).toEqual([{ session: 's1', seq: 3, note: 'look here' }]);
});

test('Ctrl+Enter saves a note', async () => {
  const { marks, user } = marked('before');
  await user.type(field(), ' and after');
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(marks()).toEqual([{ session: 's1', seq: 3, note: 'before and after' }]);
});

test('Escape restores what the note was', async () => {
  const { marks, user } = marked('look at this one');
  await user.clear(field());
  await user.type(field(), 'changed{Escape}');
  expect(field().value).toBe('look at this one');
  expect(marks()).toEqual([]);
});

test('Escape in a new note removes its field', async () => {
  const { marks, user } = marked('');
  await user.click(screen.getByRole('button', { name: 'Add a note' }));
  await user.keyboard('changed{Escape}');
  await waitFor(() => expect(screen.queryByRole('textbox')).toBeNull());
  expect(marks()).toEqual([]);
});

test('a note that is the same is not saved', async () => {
  const { marks, user } = marked('same');
  await user.type(field(), ' ');
  await user.click(document.body);
  expect(marks()).toEqual([]);
});

test('an emptied note is removed', async () => {
  const { marks, report, user } = marked('gone soon');
  await user.clear(field());
  await user.click(document.body);
  expect(marks()).toEqual([{ session: 's1', seq: 3, note: '' }]);
  report({ bookmarked: false, note: '' });
  expect(screen.queryByRole('textbox')).toBeNull();
});

test('a note that cannot be saved stays in its field, and why is reported', async () => {
  const { services, user } = marked('', { 'sessions.mark': () => fail('file', 'Could not save the note') });
  await user.click(screen.getByRole('button', { name: 'Add a note' }));
  await user.keyboard('not lost');
  await user.click(document.body);
  const failure = { message: 'Could not save the note' };
  await waitFor(() => expect(services.notices.getState().notices).toMatchObject([{ failure }]));
  expect(field().value).toBe('not lost');
});

test('a note changed elsewhere is shown', () => {
  const { report } = marked('mine');
  report({ bookmarked: false, note: 'theirs' });
  expect(field().value).toBe('theirs');
});

test('the bookmark button sets the bookmark, and shows it once the engine has it', async () => {
  const { marks, report, user } = marked('');
  await user.click(screen.getByRole('button', { name: 'Bookmark' }));
  expect(marks()).toEqual([{ session: 's1', seq: 3, bookmarked: true }]);
  report({ bookmarked: true, note: '' });
  const button = screen.getByRole('button', { name: 'Remove bookmark' });
  expect(button.getAttribute('aria-pressed')).toBe('true');
});

test('a note shows what would turn it around, and keeps it where it is edited', async () => {
  const { marks, user } = marked('from\u202egnp.exe');
  expect(field().value).toBe('from⟨U+202E⟩gnp.exe');
  await user.click(field());
  await user.click(document.body);
  expect(marks()).toEqual([]);
  expect(field().value).toBe('from⟨U+202E⟩gnp.exe');
  await user.type(field(), '!');
  await user.click(document.body);
  expect(marks()).toEqual([{ session: 's1', seq: 3, note: 'from\u202egnp.exe!' }]);
});
