import { describe, expect, test } from 'vitest';
import { fakeSession } from '../../fake-session.ts';

describe('the traffic view', () => {
  test('shows the newest records while it follows, rows and position together', async () => {
    const { grow, answer, get } = fakeSession();
    grow(1_000);
    expect(get()).toMatchObject({ count: 0, top: 0 });
    await answer();
    expect(get()).toMatchObject({ count: 1_000, top: 990, follow: true, startAt: 1_000 });
    for (let seq = 990; seq < 1_000; seq += 1) expect(get().rows.has(seq)).toBe(true);
  });

  test('opens a session that is only read at its first record, with nothing new in it', async () => {
    const { view, state, answer, get } = fakeSession();
    state.total = 1_000;
    view.setTotal(1_000, false);
    await answer();
    expect(get()).toMatchObject({ count: 1_000, top: 0, follow: false, seen: 1_000 });
    expect([get().rows.has(0), get().rows.has(999)]).toEqual([true, false]);
    view.resume();
    await answer();
    expect(get()).toMatchObject({ top: 990, follow: true });
  });

  test('asks only for what is in sight, however many records there are', async () => {
    const { grow, answer, windows } = fakeSession();
    grow(10_000_000);
    await answer();
    expect(windows).toHaveLength(1);
    expect(windows[0]?.count).toBeLessThan(60);
    expect(windows[0]?.first).toBeGreaterThan(9_999_900);
  });

  test('has one fetch under way and at most thirty a second', async () => {
    const { grow, answer, pass, windows, waiting } = fakeSession();
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
    const { view, grow, answer, pass, get } = fakeSession();
    grow(1_000);
    await answer();
    view.scrollTo(500);
    pass(100);
    await answer();
    grow(1_212);
    pass(100);
    await answer();
    expect(get()).toMatchObject({ follow: false, top: 500, count: 1_212, seen: 1_000 });
    view.resume();
    pass(100);
    await answer();
    expect(get()).toMatchObject({ follow: true, top: 1_202, count: 1_212 });
  });

  test('keeps the chosen record and its place while traffic arrives', async () => {
    const { view, grow, answer, pass, get } = fakeSession();
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
    const { view, grow, answer, get } = fakeSession();
    grow(3);
    await answer();
    view.select(1);
    expect(get()).toMatchObject({ selected: 1, follow: true, top: 0 });
  });

  test('follows again when the user scrolls to the end', async () => {
    const { view, grow, answer, get } = fakeSession();
    grow(1_000);
    await answer();
    view.scrollTo(10);
    expect(get().follow).toBe(false);
    view.scrollTo(990);
    expect(get().follow).toBe(true);
  });

  test('keeps a bounded number of rows', async () => {
    const { view, grow, answer, pass, get } = fakeSession();
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
    const { state, grow, answer, pass, get, windows } = fakeSession();
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
    expect(get()).toMatchObject({ failure: undefined, count: 101 });
  });

  test('fetches nothing while it is hidden', async () => {
    const { view, grow, windows, answer } = fakeSession();
    view.setShown(false);
    grow(100);
    await answer();
    expect(windows).toHaveLength(0);
    view.setShown(true);
    await answer();
    expect(windows).toHaveLength(1);
  });
});
