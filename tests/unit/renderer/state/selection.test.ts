import { expect, test } from 'vitest';
import { row } from '#support/recorded-session.ts';
import { createTrafficCalls, select, syncSelections } from '../../../../src/renderer/state/selection.ts';
import { fakeHost } from '../fake-services.ts';

test('a record of a session that is closed is no longer selected, those of other sessions are', () => {
  const { services, push } = fakeHost({});
  const stop = syncSelections(services.client, services.selection);
  select(services.selection, 'a', { session: 'closed', row: row(1, { preview: 'x' }), info: undefined });
  select(services.selection, 'b', { session: 'open', row: row(2, { preview: 'y' }), info: undefined });
  push({ kind: 'sessions', changed: [], removed: ['closed'] });
  const { a, b } = services.selection.getState().byTab;
  expect(a).toBeUndefined();
  expect(b?.row.seq).toBe(2);
  stop();
});

test('a request to traffic that is not on the page runs once, as soon as it is', () => {
  const calls = createTrafficCalls();
  const seen: number[] = [];
  const run = (request: { readonly kind: string }) => {
    if ('seq' in request) seen.push(Number(request.seq));
  };
  calls.request('a', { kind: 'record', seq: 1 });
  calls.request('a', { kind: 'record', seq: 2 });
  const stop = calls.serve('a', run);
  expect(seen).toEqual([2]);
  calls.request('a', { kind: 'record', seq: 3 });
  calls.request('b', { kind: 'record', seq: 4 });
  expect(seen).toEqual([2, 3]);
  stop();
  calls.request('a', { kind: 'record', seq: 5 });
  expect(seen).toEqual([2, 3]);
  calls.serve('a', run);
  expect(seen).toEqual([2, 3, 5]);
});
