import { describe, expect, it } from 'vitest';
import { RateMeter } from '#session/record/recording-state.ts';

describe('RateMeter', () => {
  it('counts what came within the last second and forgets it after', () => {
    const meter = new RateMeter();
    meter.add(10, 5_000);
    meter.add(5, 5_450);
    expect(meter.perSecond(5_500)).toBe(15);
    expect(meter.perSecond(6_050)).toBe(5);
    expect(meter.perSecond(6_500)).toBe(0);
    meter.add(1, 60_000);
    expect(meter.perSecond(60_000)).toBe(1);
  });
});
