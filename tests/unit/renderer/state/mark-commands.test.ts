import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/failure.ts';
import type { Row } from '#shared/record/record.ts';
import { select, setNote, syncSelections, toggleBookmark } from '../../../../src/renderer/state/selection.ts';
import { fakeHost } from '../fake-services.ts';

const row: Row = {
  seq: 7,
  at: 0,
  kind: 'in',
  socket: 1,
  offset: 0,
  length: 1,
  head: 0,
  tail: 0,
  flags: 0,
  preview: 'x',
};

describe('bookmarks and notes', () => {
  test('a bookmark is set where there is none, and else taken away', async () => {
    const { services, calls } = fakeHost({
      'sessions.mark': ({ seq, bookmarked = false, note = '' }) => ok({ seq, bookmarked, note }),
    });
    await toggleBookmark(services, 's', row);
    await toggleBookmark(services, 's', { ...row, mark: { bookmarked: true, note: '' } });
    expect(calls.map(({ input }) => input)).toEqual([
      { session: 's', seq: 7, bookmarked: true },
      { session: 's', seq: 7, bookmarked: false },
    ]);
  });

  test('what cannot be kept is told in its three parts', async () => {
    const refused = { system: 'open(): EROFS', hint: 'Save the session elsewhere.' };
    const { services } = fakeHost({ 'sessions.mark': () => fail('file', 'Could not keep the note', refused) });
    expect(await setNote(services, 's', 7, 'look')).toBe(false);
    expect(services.notices.getState().notices).toMatchObject([
      { kind: 'failure', failure: { message: 'Could not keep the note', ...refused } },
    ]);
  });

  test('the chosen record has the mark that is told, another one stays as it is', () => {
    const { services, push } = fakeHost({});
    const stop = syncSelections(services.client, services.selection);
    select(services.selection, 'a', { session: 's', row, info: undefined });
    select(services.selection, 'b', { session: 'other', row, info: undefined });
    push({ kind: 'marks', session: 's', changed: [{ seq: 7, bookmarked: true, note: 'look' }] });
    const { a, b } = services.selection.getState().byTab;
    expect(a?.row.mark).toEqual({ bookmarked: true, note: 'look' });
    expect(b?.row).toBe(row);
    stop();
  });
});
