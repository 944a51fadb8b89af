import { expect, test } from 'vitest';
import { row } from '#support/recorded-session.ts';
import { select, syncSelections } from '../../../../src/renderer/state/selection.ts';
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
