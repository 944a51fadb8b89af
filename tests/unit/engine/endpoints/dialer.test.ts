import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failedAfter, nextAttempt, reconnectDelay, untilDue } from '#engine/endpoints/dialer.ts';

const exponential = { kind: 'exponential', delayMs: 100, maxDelayMs: 5_000, jitter: false, maxAttempts: 0 } as const;

test('exponential waits double up to the longest', () => {
  const waits = Array.from({ length: 9 }, (_, index) => reconnectDelay(exponential, index + 1, 0.5));
  expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
});

test('jitter draws between half of the wait and all of it, however many attempts there were', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.nat(999_999).map((part) => part / 1_000_000),
      (attempt, random) => {
        const full = reconnectDelay(exponential, attempt, random) as number;
        const drawn = reconnectDelay({ ...exponential, jitter: true }, attempt, random) as number;
        expect(drawn).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(drawn).toBeLessThanOrEqual(full);
      },
    ),
  );
});

test('fixed delays are equal; when off, or after the last attempt, nothing is delayed', () => {
  expect(reconnectDelay({ ...exponential, kind: 'fixed' }, 7, 0)).toBe(100);
  expect(reconnectDelay({ ...exponential, kind: 'off' }, 1, 0)).toBeUndefined();
  expect(reconnectDelay({ ...exponential, maxAttempts: 2 }, 2, 0)).toBe(200);
  expect(reconnectDelay({ ...exponential, maxAttempts: 2 }, 3, 0)).toBeUndefined();
});

test('an attempt has the next number, and the time at which it begins', () => {
  const at = { now: 1_000_000, random: 0 };
  expect(nextAttempt(exponential, 0, at)).toEqual({ attempt: 1, delayMs: 100, at: 1_000_100 });
  expect(nextAttempt(exponential, 3, at)).toEqual({ attempt: 4, delayMs: 800, at: 1_000_800 });
  expect(nextAttempt({ ...exponential, maxAttempts: 3 }, 3, at)).toBeUndefined();
});

test('only a connection that received bytes or lasted longer than the longest wait resets the count of attempts', () => {
  expect(failedAfter(exponential, 4, { bytesIn: 0, lastedMs: 5_000 })).toBe(4);
  expect(failedAfter(exponential, 4, { bytesIn: 1, lastedMs: 0 })).toBe(0);
  expect(failedAfter(exponential, 4, { bytesIn: 0, lastedMs: 5_001 })).toBe(0);
});

describe('the wait for an attempt', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** Starts to wait; `isDue` is true once the wait is over. */
  function waiting(delayMs: number, signal = new AbortController().signal) {
    const wait = { isDue: false };
    void untilDue(delayMs, signal).then(() => {
      wait.isDue = true;
    });
    return wait;
  }

  test('ends when the delay has passed, not before', async () => {
    const wait = waiting(800);
    await vi.advanceTimersByTimeAsync(799);
    expect(wait.isDue).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(wait.isDue).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends as soon as it is aborted, and leaves no timer', async () => {
    const abort = new AbortController();
    const wait = waiting(800, abort.signal);
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(wait.isDue).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not begin where it is aborted already', async () => {
    const wait = waiting(800, AbortSignal.abort());
    await vi.advanceTimersByTimeAsync(0);
    expect([wait.isDue, vi.getTimerCount()]).toEqual([true, 0]);
  });
});
