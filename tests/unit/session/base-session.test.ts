import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Changes } from '#session/base-session.ts';

describe('Changes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells of one change at once and of many together, at most 30 times a second', () => {
    const changes = new Changes();
    let told = 0;
    changes.listen(() => {
      told += 1;
    });
    changes.changed();
    vi.advanceTimersByTime(1);
    expect(told).toBe(1);
    for (let ms = 0; ms < 1_000; ms += 1) {
      changes.changed();
      vi.advanceTimersByTime(1);
    }
    expect(told).toBeGreaterThan(20);
    expect(told).toBeLessThanOrEqual(31);
  });

  it('does not let a later change hold up an earlier one', () => {
    const changes = new Changes();
    let told = 0;
    changes.listen(() => {
      told += 1;
    });
    changes.changed(500);
    changes.changed();
    vi.advanceTimersByTime(1);
    expect(told).toBe(1);
  });

  it('tells of the last change when it is closed and of none after', () => {
    const changes = new Changes();
    let told = 0;
    changes.listen(() => {
      told += 1;
    });
    changes.changed(500);
    changes.close();
    changes.changed();
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(1);
  });
});
