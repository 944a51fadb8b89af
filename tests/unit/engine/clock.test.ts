import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// The clock remembers how far it was ahead: this test has one that no other test file shares.
beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.restoreAllMocks();
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
