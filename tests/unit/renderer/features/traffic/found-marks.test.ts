import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createClient } from '#shared/contract/client.ts';
import { fail, ok } from '#shared/failure.ts';
import { FoundMarks } from '../../../../../src/renderer/features/traffic/found-marks.ts';
import type { TrafficView } from '../../../../../src/renderer/features/traffic/traffic-view.ts';

/** A view of ten records, and an engine that knows the query `known` only. */
function searchOf(known: { id: string }) {
  const made: string[] = [];
  const ended: string[] = [];
  const call = async (name: string, input: unknown) => {
    const { query } = input as { query?: string };
    if (name === 'sessions.query') {
      made.push(known.id);
      return ok({ id: known.id, usesMarks: false });
    }
    if (name === 'sessions.endQuery') {
      ended.push(query ?? '');
      return ok({});
    }
    if (query !== known.id) return fail('not-found', 'The query has ended');
    if (name === 'sessions.locate') return ok({ found: { seq: 0, index: 0 } });
    return ok({ total: 10, matched: 3, scanned: 10, rows: [], sockets: [] });
  };
  const rows = (): ReadonlyMap<number, { seq: number }> => new Map([[0, { seq: 0 }]]);
  const store = createStore(() => ({ rows: rows(), total: 10 }));
  const client = createClient({ call, subscribe: () => () => {} });
  const view = { session: 's', store } as unknown as TrafficView;
  const marks = new FoundMarks(client, view, { filter: 'x', endpoint: undefined });
  return { marks, made, ended, showOtherRows: () => store.setState({ rows: rows() }) };
}

test('a search creates its query again when the engine has ended it, and ends the new one', async () => {
  const known = { id: '1' };
  const { marks, made, ended, showOtherRows } = searchOf(known);
  await vi.waitUntil(() => marks.store.getState().matched === 3);
  known.id = '2';
  showOtherRows();
  await vi.waitUntil(() => made.length === 2);
  expect(made).toEqual(['1', '2']);
  marks.dispose();
  await vi.waitUntil(() => ended.length > 0);
  expect(ended).toEqual(['2']);
});
