import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram, maxShownBuckets, percentileError } from '#shared/statistics/histogram.ts';

const values = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 5_000_000 }),
    fc.maxSafeInteger().map((value) => Math.abs(value)),
  ),
  { minLength: 1, maxLength: 200 },
);

function histogramOf(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.add(value);
  return histogram;
}

describe('a histogram', () => {
  it('counts exactly, and gives percentiles within the error it states', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { count, min, max, mean, ...spread } = histogramOf(list).distribution();
        const sorted = list.toSorted((a, b) => a - b);
        expect({ count, min, max }).toEqual({ count: list.length, min: sorted[0], max: sorted.at(-1) });
        expect(mean).toBeCloseTo(
          list.reduce((sum, value) => sum + value / list.length, 0),
          -Math.log10(max + 1) + 9,
        );
        const shares = [
          [0.5, spread.p50],
          [0.9, spread.p90],
          [0.99, spread.p99],
          [0.999, spread.p999],
        ] as const;
        for (const [share, found] of shares) {
          const exact = sorted[Math.ceil(share * list.length - 1e-9) - 1] as number;
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * percentileError);
        }
      }),
    );
  });

  it('shows every value in one of a few neighbouring buckets, without empty ones at either end', () => {
    fc.assert(
      fc.property(values, (list) => {
        const { buckets } = histogramOf(list).distribution();
        expect(buckets.length).toBeLessThanOrEqual(maxShownBuckets);
        expect(buckets[0]?.count).toBeGreaterThan(0);
        expect(buckets.at(-1)?.count).toBeGreaterThan(0);
        for (const [at, { from, to, count }] of buckets.entries()) {
          if (at > 0) expect(from).toBe(buckets[at - 1]?.to);
          expect(count).toBe(list.filter((value) => value >= from && value < to).length);
        }
      }),
    );
  });

  it('is exact below 128', () => {
    const list = Array.from({ length: 128 }, (_, value) => value);
    expect(histogramOf(list).distribution()).toMatchObject({ p50: 63, p90: 115, p99: 126, p999: 127, mean: 63.5 });
  });

  it('has nothing but zeros without a value', () => {
    const { buckets, ...figures } = new Histogram().distribution();
    expect(buckets).toEqual([]);
    expect(new Set(Object.values(figures))).toEqual(new Set([0]));
  });

  it('divides by its unit, and takes what is below 0 as 0', () => {
    const { min, max, p99, buckets } = histogramOf([-5, 2_000]).distribution(1_000);
    expect({ min, max, p99 }).toEqual({ min: 0, max: 2, p99: 2 });
    expect(buckets[0]?.from).toBe(0);
    expect(buckets.at(-1)?.to).toBeLessThan(2.1);
  });
});
