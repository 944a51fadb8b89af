import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Timers } from '#engine/clock.ts';

// The clock remembers how far it was ahead: this test has one that no other test file shares.
beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.resetModules();
});

test('follows the system’s clock where that leaps ahead, as after a sleep, and never goes back', async () => {
  const { now } = await import('#engine/clock.ts');
  const before = now();
  expect(Math.abs(before - Date.now())).toBeLessThan(2_000);
  const awake = Date.now() + 3_600_000;
  const system = vi.spyOn(Date, 'now').mockReturnValue(awake);
  expect(now()).toBe(awake);
  system.mockRestore();
  // An hour behind again: what is recorded now still comes after what was.
  expect(now()).toBeGreaterThanOrEqual(awake);
});

test('a timer fires after its time, starts again when it is armed again, and does not fire when it is disarmed', () => {
  vi.useFakeTimers();
  const fired: string[] = [];
  const timers = new Timers<'a' | 'b' | 'c'>((name) => fired.push(name), []);
  timers.arm('a', 100);
  timers.arm('b', 100);
  timers.arm('c', 100);
  vi.advanceTimersByTime(60);
  timers.arm('a', 100);
  timers.arm('b', 10);
  timers.disarm('c');
  vi.advanceTimersByTime(90);
  expect(fired).toEqual(['b']);
  vi.advanceTimersByTime(10);
  expect(fired).toEqual(['b', 'a']);
  timers.arm('a', 100);
  timers.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a timer with a longer time than Node has does not fire immediately', () => {
  vi.useFakeTimers();
  const fired: string[] = [];
  const timers = new Timers<'idle'>((name) => fired.push(name), []);
  timers.arm('idle', 2 ** 33);
  vi.advanceTimersByTime(1_000_000);
  expect(fired).toEqual([]);
  timers.stop();
});

test('a timer in the background does not keep the process alive', () => {
  const unref = vi.fn();
  vi.spyOn(globalThis, 'setTimeout').mockReturnValue({ unref } as unknown as NodeJS.Timeout);
  const timers = new Timers<'front' | 'back'>(() => {}, ['back']);
  timers.arm('front', 1);
  expect(unref).not.toHaveBeenCalled();
  timers.arm('back', 1);
  expect(unref).toHaveBeenCalledTimes(1);
});
