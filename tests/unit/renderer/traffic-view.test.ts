import { describe, expect, test } from 'vitest';
import { createClient } from '#shared/contract/client.ts';
import { fail, ok } from '#shared/contract/failure.ts';
import type { Row } from '#shared/record/record.ts';
import { rowHeight, TrafficView } from '../../../src/renderer/features/traffic/traffic-view.ts';

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

/** A session of `total` records that answers windows when the test says so, and a clock that the test moves. */
function session() {
  const state = { total: 0, now: 0, failing: false };
  const waiting: (() => void)[] = [];
  const windows: { first: number; count: number }[] = [];
  const timers: { at: number; run: () => void }[] = [];
  const client = createClient({
    call: (_name, given) =>
      new Promise((resolve) => {
        const input = given as { first: number; count: number };
        if (input.count !== 1) windows.push(input);
        waiting.push(() => {
          const count = Math.max(0, Math.min(input.count, state.total - input.first));
          const rows = Array.from({ length: count }, (_, index) => row(input.first + index));
          resolve(
            state.failing
              ? fail('file', 'no')
              : ok({ total: state.total, matched: state.total, scanned: state.total, rows, sockets: [] }),
          );
        });
      }),
    subscribe: () => () => {},
  });
  const view = new TrafficView(client, 's', {
    now: () => state.now,
    later: (run, ms) => void timers.push({ at: state.now + ms, run }),
  });
  const answer = async () => {
    while (waiting.length > 0) {
      for (const give of waiting.splice(0)) give();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const pass = (ms: number) => {
    state.now += ms;
    for (const timer of timers.splice(0)) (timer.at <= state.now ? timer.run : () => timers.push(timer))();
  };
  const grow = (total: number) => {
    state.total = total;
    view.setTotal(total);
  };
  view.setShown(true);
  view.setViewport(10 * rowHeight);
  return { view, state, windows, waiting, answer, pass, grow, get: () => view.store.getState() };
}

describe('the traffic view', () => {
  test('shows the newest records while it follows, rows and position together', async () => {
    const { grow, answer, get } = session();
    grow(1_000);
    expect(get()).toMatchObject({ total: 0, top: 0 });
    await answer();
    expect(get()).toMatchObject({ total: 1_000, top: 990, follow: true, startAt: 1_000 });
    for (let seq = 990; seq < 1_000; seq += 1) expect(get().rows.has(seq)).toBe(true);
  });

  test('asks only for what is in sight, however many records there are', async () => {
    const { grow, answer, windows } = session();
    grow(10_000_000);
    await answer();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.count).toBeLessThan(60);
    expect(windows[0]?.first).toBeGreaterThan(9_999_900);
  });

  test('has one fetch under way and at most thirty a second', async () => {
    const { grow, answer, pass, windows, waiting } = session();
    grow(100);
    await answer();
    const start = windows.length;
    for (let step = 1; step <= 1_000; step += 1) {
      grow(100 + step * 100);
      pass(1);
      expect(waiting.length).toBeLessThanOrEqual(1);
      if (step % 3 === 0) await answer();
    }
    expect(windows.length - start).toBeLessThanOrEqual(31);
    expect(windows.length - start).toBeGreaterThan(15);
  });

  test('stays where it is once the user scrolls up, and counts what is new', async () => {
    const { view, grow, answer, pass, get } = session();
    grow(1_000);
    await answer();
    view.scrollTo(500);
    pass(100);
    await answer();
    grow(1_212);
    pass(100);
    await answer();
    expect(get()).toMatchObject({ follow: false, top: 500, total: 1_212, seen: 1_000 });
    view.resume();
    pass(100);
    await answer();
    expect(get()).toMatchObject({ follow: true, top: 1_202, total: 1_212 });
  });

  test('keeps the chosen record and its place while traffic arrives', async () => {
    const { view, grow, answer, pass, get } = session();
    grow(100);
    await answer();
    view.select(95);
    const { top } = get();
    grow(5_000);
    pass(100);
    await answer();
    expect(get()).toMatchObject({ selected: 95, top, follow: false });
  });

  test('goes on following when a row of a short list is chosen', async () => {
    const { view, grow, answer, get } = session();
    grow(3);
    await answer();
    view.select(1);
    expect(get()).toMatchObject({ selected: 1, follow: true, top: 0 });
  });

  test('follows again when the user scrolls to the end', async () => {
    const { view, grow, answer, get } = session();
    grow(1_000);
    await answer();
    view.scrollTo(10);
    expect(get().follow).toBe(false);
    view.scrollTo(990);
    expect(get().follow).toBe(true);
  });

  test('keeps a bounded number of rows', async () => {
    const { view, grow, answer, pass, get } = session();
    grow(1_000_000);
    await answer();
    for (let top = 900_000; top > 0; top -= 30_000) {
      view.scrollTo(top);
      pass(100);
      await answer();
    }
    expect(get().rows.size).toBeLessThan(1_400);
  });

  test('says why rows cannot be read, and does not ask in a loop', async () => {
    const { state, grow, answer, pass, get, windows } = session();
    state.failing = true;
    grow(100);
    await answer();
    pass(1_000);
    await answer();
    expect(get().failure?.message).toBe('no');
    expect(windows).toHaveLength(1);
    state.failing = false;
    grow(101);
    await answer();
    expect(get()).toMatchObject({ failure: undefined, total: 101 });
  });

  test('fetches nothing while it is hidden', async () => {
    const { view, grow, windows, answer } = session();
    view.setShown(false);
    grow(100);
    await answer();
    expect(windows).toHaveLength(0);
    view.setShown(true);
    await answer();
    expect(windows).toHaveLength(1);
  });
});
