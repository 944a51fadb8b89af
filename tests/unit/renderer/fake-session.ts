import { createClient } from '#shared/contract/client.ts';
import type { CallInput, WorkbenchEvent } from '#shared/contract/contract.ts';
import { fail, ok } from '#shared/failure.ts';
import type { Row } from '#shared/record/record.ts';
import { rowHeight } from '../../../src/renderer/features/traffic/traffic-state.ts';
import { TrafficView } from '../../../src/renderer/features/traffic/traffic-view.ts';

const row = (seq: number): Row => ({
  seq,
  at: 1_000 + seq,
  kind: 'in',
  socket: 1,
  offset: 0,
  length: 1,
  head: 0,
  tail: 0,
  flags: 0,
  preview: String(seq),
});

type WindowInput = CallInput<'sessions.window'>;
type LocateInput = CallInput<'sessions.locate'>;
type QueryInput = CallInput<'sessions.query'>;

/**
 * A view, ten rows high, of a session of `total` records that answers when the test says so, with a clock that the test
 * moves. Filters are `every N` (each Nth record from 0 on), and the handles of their queries are the same text; the search
 * has come to `scanned` records.
 */
export function fakeSession() {
  const state = { total: 0, scanned: Number.POSITIVE_INFINITY, now: 0, failing: false };
  const waiting: (() => void)[] = [];
  const windows: WindowInput[] = [];
  const forgotten: string[] = [];
  const made: QueryInput[] = [];
  const timers: { at: number; run: () => void }[] = [];
  const listeners = new Set<(event: unknown) => void>();

  const stepOf = (query: string | undefined) => Number(/\d+/.exec(query ?? '1')?.[0]);
  const scannedOf = (query: string | undefined) =>
    query === undefined ? state.total : Math.min(state.total, state.scanned);
  const matchedOf = (query: string | undefined) => Math.ceil(scannedOf(query) / stepOf(query));

  const window = ({ first, count, query }: WindowInput) => {
    const matched = matchedOf(query);
    const length = Math.max(0, Math.min(count, matched - first));
    const rows = Array.from({ length }, (_, index) => row((first + index) * stepOf(query)));
    return ok({ total: state.total, matched, scanned: scannedOf(query), rows, sockets: [] });
  };
  const locate = ({ query, seq = 0 }: LocateInput) => {
    const index = Math.min(Math.ceil(seq / stepOf(query)), matchedOf(query) - 1);
    return ok({ found: index < 0 ? null : { seq: index * stepOf(query), index } });
  };

  const client = createClient({
    call: (name, input) =>
      new Promise((resolve) => {
        if (name === 'sessions.query') {
          made.push(input as QueryInput);
          const { filter } = input as QueryInput;
          resolve(ok({ id: filter || 'every 1', usesMarks: filter.startsWith('bookmarked') }));
          return;
        }
        if (name === 'sessions.endQuery') {
          forgotten.push((input as { query: string }).query);
          resolve(ok({}));
          return;
        }
        if (name === 'sessions.window' && (input as WindowInput).count !== 1) windows.push(input as WindowInput);
        const give = () => {
          if (state.failing) resolve(fail('file', 'no'));
          else if (name === 'sessions.window') resolve(window(input as WindowInput));
          // Where a record stands is known when the search has come to it.
          else if (scannedOf((input as LocateInput).query) < state.total) waiting.push(give);
          else resolve(locate(input as LocateInput));
        };
        waiting.push(give);
      }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const view = new TrafficView(client, 's', {
    now: () => state.now,
    later: (run, ms) => void timers.push({ at: state.now + ms, run }),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async () => {
    for (let round = 0; round < 20 && waiting.length > 0; round += 1) {
      for (const give of waiting.splice(0)) give();
      await settle();
    }
  };
  const pass = (ms: number) => {
    state.now += ms;
    for (const timer of timers.splice(0)) (timer.at <= state.now ? timer.run : () => timers.push(timer))();
  };
  const push = (event: WorkbenchEvent) => {
    for (const listener of listeners) listener(event);
  };
  const grow = (total: number) => {
    state.total = total;
    view.setTotal(total);
  };
  /** The engine reports how far the search of `query` is. */
  const tell = (query: string) => {
    const changed = [{ session: 's', query, matched: matchedOf(query), scanned: scannedOf(query), total: state.total }];
    push({ kind: 'queries', changed });
  };
  /** Time enough for whatever waits, and its answers. */
  const calm = async () => {
    for (let round = 0; round < 4; round += 1) {
      pass(200);
      await settle();
      await answer();
    }
  };
  view.setShown(true);
  view.setViewport(10 * rowHeight);
  return {
    view,
    state,
    windows,
    forgotten,
    made,
    waiting,
    answer,
    pass,
    grow,
    push,
    tell,
    calm,
    get: () => view.store.getState(),
  };
}
