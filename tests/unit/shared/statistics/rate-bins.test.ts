import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateBins } from '#shared/statistics/rate-bins.ts';

interface Message {
  readonly flow: 0 | 1;
  readonly at: number;
  readonly bytes: number;
}

const messages: fc.Arbitrary<Message[]> = fc
  .record({
    start: fc.integer({ min: -1_000_000, max: 2_000_000_000_000 }),
    list: fc.array(
      fc.record({
        flow: fc.constantFrom(0 as const, 1 as const),
        after: fc.oneof(
          fc.nat(3_000).map((micros) => micros / 1_000),
          fc.integer({ min: -500_000, max: 90_000_000 }).map((micros) => micros / 1_000),
          fc.constantFrom(0, -3_600_000, 400_000_000),
        ),
        bytes: fc.integer({ min: 0, max: 100_000 }),
      }),
      { minLength: 1, maxLength: 120 },
    ),
  })
  .map(({ start, list }) => {
    let at = start;
    return list.map(({ flow, after, bytes }) => {
      at += after;
      return { flow, at, bytes };
    });
  });

function binsOf(list: readonly Message[]): RateBins {
  const bins = new RateBins();
  for (const { flow, at, bytes } of list) bins.add(flow, at, bytes);
  return bins;
}

describe('rates over time', () => {
  it('have each message in the step of its time, however the range grows', () => {
    fc.assert(
      fc.property(messages, (list) => {
        const { startAt, stepMs, ...columns } = binsOf(list).rates();
        const steps = columns.messagesIn.length;
        expect(steps).toBeLessThanOrEqual(480);
        const none = () => Array.from({ length: steps }, () => 0);
        const expected = { messagesIn: none(), messagesOut: none(), bytesIn: none(), bytesOut: none() };
        for (const { flow, at, bytes } of list) {
          const step = Math.floor((at - startAt) / stepMs);
          const counts = flow === 0 ? expected.messagesIn : expected.messagesOut;
          const sums = flow === 0 ? expected.bytesIn : expected.bytesOut;
          counts[step] = (counts[step] ?? Number.NaN) + 1;
          sums[step] = (sums[step] ?? Number.NaN) + bytes;
        }
        expect(columns).toEqual(expected);
      }),
    );
  });

  it('have at least 240 steps where time only goes on and the range is long enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 240, max: 500_000_000 }), (range) => {
        const list = Array.from({ length: 50 }, (_, at) => ({ flow: 0 as const, at: (at * range) / 49, bytes: 1 }));
        const { messagesIn, stepMs } = binsOf(list).rates();
        expect(messagesIn.length).toBeGreaterThanOrEqual(240);
        expect(messagesIn.length * stepMs).toBeGreaterThanOrEqual(range);
      }),
    );
  });

  it('have no step where nothing was said', () => {
    expect(new RateBins().rates()).toMatchObject({ messagesIn: [], bytesOut: [] });
  });
});
