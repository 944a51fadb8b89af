import { describe, expect, test } from 'vitest';
import { readRepeat, usualRepeat } from '../../../../src/renderer/state/repeat-form.ts';

const typed = (change: Partial<typeof usualRepeat>) => ({ ...usualRepeat, ...change });

describe('the settings of a repeated send', () => {
  test('are read, spaces ignored, and empty times are 0', () => {
    expect(readRepeat(typed({ count: ' 5 ', intervalMs: '', jitterMs: '7' }))).toEqual({
      ok: true,
      timing: { count: 5, intervalMs: 0, jitterMs: 7 },
    });
  });

  test('have no count where it sends until stopped, whatever the count says', () => {
    expect(readRepeat(typed({ isEndless: true, count: 'x' }))).toEqual({
      ok: true,
      timing: { intervalMs: 1_000, jitterMs: 0 },
    });
  });

  test.each([
    [{ count: '' }, { count: 'Minimum: 1' }],
    [{ count: '1000000001' }, { count: 'Maximum: 1000000000' }],
    [{ intervalMs: '-1' }, { intervalMs: 'A whole number is required' }],
    [{ jitterMs: '86400001' }, { jitterMs: 'Maximum: 86400000' }],
  ])('say what is wrong with %j', (change, errors) => {
    expect(readRepeat(typed(change))).toEqual({ ok: false, errors });
  });
});
