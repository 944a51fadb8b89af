import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconnectDelay } from '#engine/endpoints/reconnect.ts';

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

test('fixed waits are all the same; off, or after the last attempt, there is none', () => {
  expect(reconnectDelay({ ...exponential, kind: 'fixed' }, 7, 0)).toBe(100);
  expect(reconnectDelay({ ...exponential, kind: 'off' }, 1, 0)).toBeUndefined();
  expect(reconnectDelay({ ...exponential, maxAttempts: 2 }, 2, 0)).toBe(200);
  expect(reconnectDelay({ ...exponential, maxAttempts: 2 }, 3, 0)).toBeUndefined();
});
