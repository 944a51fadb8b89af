import { describe, expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import { fail, ok } from '#shared/failure.ts';
import { row } from '#support/recorded-session.ts';
import { maxSent, SentHistory } from '../../../../../src/renderer/features/history/sent-history.ts';
import { fakeHost } from '../../fake-services.ts';

/** A session of sent messages; each query has its filter as its id, and `scanned` is how far the search has come. */
function session(total: number) {
  const state = { total, scanned: Number.POSITIVE_INFINITY };
  const ended: string[] = [];
  const host = fakeHost({
    'sessions.query': async ({ filter }) =>
      filter.includes('wrong') ? fail('bad-input', 'no') : ok({ id: filter, usesMarks: false }),
    'sessions.endQuery': ({ query }) => {
      ended.push(query);
      return ok({});
    },
    'sessions.window': async ({ first, count }: CallInput<'sessions.window'>) => {
      const matched = Math.min(state.total, state.scanned);
      const length = Math.max(0, Math.min(count, matched - first));
      const rows = Array.from({ length }, (_, at) => row(first + at, { kind: 'out', preview: String(first + at) }));
      return ok({ total: state.total, matched, scanned: matched, rows, sockets: [] });
    },
  });
  const history = new SentHistory(host.services.client, 's');
  const progress = (query: string) => {
    const { scanned } = state;
    host.push({ kind: 'queries', changed: [{ session: 's', query, matched: scanned, scanned, total: state.total }] });
  };
  const seqs = () => history.store.getState().messages?.map((message) => message.row.seq);
  const windows = () => host.calls.filter(({ name }) => name === 'sessions.window').length;
  return { ...host, state, ended, history, progress, seqs, windows, get: () => history.store.getState() };
}

const all = { search: '', endpoint: undefined };
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the history of sent messages', () => {
  test('has the last thousand, the last one first', async () => {
    const { history, seqs, get } = session(maxSent + 5);
    await history.show(all);
    expect(seqs()).toHaveLength(maxSent);
    expect(seqs()?.[0]).toBe(maxSent + 4);
    expect(seqs()?.at(-1)).toBe(5);
    expect(get()).toMatchObject({ matched: maxSent + 5, newer: 0, search: undefined });
  });

  test('does not change when messages are sent, but says how many, until it is asked to', async () => {
    const { history, state, seqs, get } = session(2);
    await history.show(all);
    state.total = 5;
    await history.look();
    expect(seqs()).toEqual([1, 0]);
    expect(get().newer).toBe(3);
    await history.refresh();
    expect(seqs()).toEqual([4, 3, 2, 1, 0]);
    expect(get().newer).toBe(0);
  });

  test('counts also what is sent while it counts, and while it is fetched', async () => {
    const { history, state, get } = session(1);
    await history.show(all);
    state.total = 2;
    const looks = [history.look()];
    await Promise.resolve();
    state.total = 3;
    looks.push(history.look());
    await Promise.all(looks);
    expect(get().newer).toBe(2);

    const refreshed = history.refresh();
    await settle();
    state.total = 4;
    await Promise.all([refreshed, history.look()]);
    expect(get()).toMatchObject({ matched: 3, newer: 1 });
  });

  test('is filled by the first message that is sent', async () => {
    const { history, state, seqs } = session(0);
    await history.show(all);
    expect(seqs()).toEqual([]);
    state.total = 1;
    await history.look();
    expect(seqs()).toEqual([0]);
  });

  test('waits for a long search and shows its progress', async () => {
    const { history, state, seqs, get, progress } = session(100);
    state.scanned = 40;
    const shown = history.show(all);
    await settle();
    expect(get().search).toEqual({ scanned: 40, total: 100 });
    expect(seqs()).toBeUndefined();
    // The session grows meanwhile: the search need not catch up with that.
    state.total = 500;
    state.scanned = 100;
    progress('out');
    await shown;
    expect(get().search).toBeUndefined();
    expect(seqs()).toHaveLength(100);
  });

  test('shows the last of several searches, and ends the queries of the others', async () => {
    const { history, ended, get } = session(3);
    await Promise.all(['a', 'ab', 'abc'].map((search) => history.show({ ...all, search })));
    expect(get().matched).toBe(3);
    expect(ended).toEqual(['out && text contains "a"', 'out && text contains "ab"']);
    history.close();
    expect(ended.at(-1)).toBe('out && text contains "abc"');
  });

  test('says why a search has failed, and works again afterwards', async () => {
    const { history, get, seqs } = session(1);
    await history.show({ ...all, search: 'wrong' });
    expect(get().failure).toMatchObject({ code: 'bad-input' });
    await history.show(all);
    expect(get().failure).toBeUndefined();
    expect(seqs()).toEqual([0]);
  });

  test('asks for nothing after it was closed', async () => {
    const { history, windows, progress, state } = session(10);
    state.scanned = 1;
    void history.show(all);
    await settle();
    const before = windows();
    history.close();
    progress('out');
    await settle();
    await history.refresh();
    await history.look();
    expect(windows()).toBe(before);
  });
});
