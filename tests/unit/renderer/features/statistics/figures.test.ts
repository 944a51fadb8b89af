import { describe, expect, it } from 'vitest';
import { Histogram } from '#shared/statistics/histogram.ts';
import type { Flow } from '#shared/statistics/statistics.ts';
import {
  barsOf,
  hasRate,
  meanRate,
  msText,
  perSecond,
  rateText,
  readableRates,
  sortFlows,
  spreadSentence,
} from '../../../../../src/renderer/features/statistics/figures.ts';

function distributionOf(values: readonly number[]) {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram.distribution();
}

function flow(socket: number, direction: 'in' | 'out', bytes: number, messages: number): Flow {
  const none = distributionOf([]);
  return { socket, direction, bytes, messages, firstAt: 0, lastAt: 0, sizes: none, gaps: none };
}

describe('figures of statistics', () => {
  it('say how long something took in the unit that fits', () => {
    const texts = [0, 0.012, 0.9996, 1.24, 9.96, 345, 999.6, 65_000, 200_000, 7_500_000].map(msText);
    expect(texts).toEqual([
      '0 ms',
      '12 µs',
      '1.0 ms',
      '1.2 ms',
      '10 ms',
      '345 ms',
      '1.0 s',
      '65.0 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });

  it('say rates with as many digits as are of use', () => {
    expect([0, 0.25, 9.96, 1_234, 250_000, 2_345_678].map(rateText)).toEqual([
      '0',
      '0.3',
      '10',
      '1\u202f234',
      '250 k',
      '2.3 M',
    ]);
  });

  it('turn counts in steps into rates, and know no rate without time', () => {
    const rates = { startAt: 0, stepMs: 250, messagesIn: [], messagesOut: [], bytesIn: [], bytesOut: [] };
    expect(perSecond(rates, [0, 1, 100])).toEqual([0, 4, 400]);
    expect(meanRate(10, 2_000)).toBe(5);
    expect([hasRate(10, 2_000), hasRate(10, 5), hasRate(100, 5), hasRate(100, 0)]).toEqual([true, false, true, false]);
    expect(hasRate(1, 60_000)).toBe(false);
  });

  it('put little traffic into longer steps, and leave much as it is', () => {
    const counts = (length: number, each: number) => Array.from({ length }, () => each);
    const rates = (length: number, each: number) => ({
      ...{ startAt: 5, stepMs: 8, messagesIn: counts(length, each), messagesOut: counts(length, 0) },
      ...{ bytesIn: counts(length, 10), bytesOut: counts(length, 1) },
    });
    const few = readableRates(rates(301, 1));
    expect(few).toMatchObject({ startAt: 5, stepMs: 128 });
    expect(few.messagesIn).toEqual([...counts(18, 16), 13]);
    expect(few.bytesOut.reduce((sum, bytes) => sum + bytes, 0)).toBe(301);
    expect(readableRates(rates(300, 20))).toEqual(rates(300, 20));
    const handful = readableRates({ ...rates(20, 0), stepMs: 1, messagesIn: [1, ...counts(18, 0), 1] });
    expect(handful).toMatchObject({ stepMs: 1_024, messagesIn: [2] });
    const seldom = readableRates({ ...rates(20, 0), stepMs: 4_096, messagesIn: [1, ...counts(18, 0), 1] });
    expect(seldom.messagesIn).toHaveLength(20);
  });

  it('describe a distribution in a sentence', () => {
    const sentence = spreadSentence(distributionOf([1, 2, 3]), (value) => `${value} B`);
    expect(sentence).toBe('3 values, minimum 1 B, median 2 B, 90th percentile 3 B, 99th percentile 3 B, maximum 3 B');
    expect(spreadSentence(distributionOf([]), String)).toBe('No values');
  });

  it('draw a histogram whose bars fill the axis, and whose areas stand for the counts', () => {
    const values = Array.from({ length: 4_000 }, (_, at) => (at * at) % 90_000);
    const { buckets } = distributionOf(values);
    const { bars, marks } = barsOf(buckets, 5);
    expect(bars).toHaveLength(buckets.length);
    expect(Math.max(...bars.map(({ height }) => height))).toBe(1);
    expect(bars.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(1);
    const [unit] = bars.map(({ width, height }, at) => (width * height) / (buckets[at]?.count || Number.NaN));
    for (const [at, { width, height }] of bars.entries()) {
      expect(width * height).toBeCloseTo((unit as number) * (buckets[at]?.count ?? 0));
    }
    expect(marks[0]).toBeCloseTo(buckets[0]?.from as number);
    expect(marks[4]).toBeCloseTo(buckets.at(-1)?.to as number, 3);
    expect(barsOf([], 5)).toEqual({ bars: [], marks: [] });
  });

  it('sort flows by a column, equal ones by their bytes', () => {
    const flows = [flow(1, 'in', 10, 5), flow(2, 'out', 30, 5), flow(3, 'in', 20, 9)];
    const order = (...by: [Parameters<typeof sortFlows>[1], boolean]) =>
      sortFlows(flows, ...by).map(({ socket }) => socket);
    expect(order('bytes', true)).toEqual([2, 3, 1]);
    expect(order('messages', false)).toEqual([2, 1, 3]);
    expect(order('socket', true)).toEqual([3, 2, 1]);
    expect(order('direction', false)).toEqual([3, 1, 2]);
  });
});
