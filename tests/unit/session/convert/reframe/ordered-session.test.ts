import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderOf } from '#session/convert/reframe/ordered-session.ts';
import { cases } from '#support/cases.ts';

function ordered(keys: readonly number[]): number[] {
  const work = orderOf(Float64Array.from(keys));
  for (let step = work.next(); ; step = work.next()) if (step.done) return [...step.value];
}

test('places come in ascending order of their keys, equal ones as they stand', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (keys) => {
      const expected = keys.map((_, at) => at).toSorted((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
      expect(ordered(keys)).toEqual(expected);
    }),
    cases(200),
  );
});

test('a long merge pauses in between', () => {
  const keys = Float64Array.from({ length: 200_000 }, (_, at) => (at < 100_000 ? at : at - 100_000));
  const work = orderOf(keys);
  let pauses = 0;
  for (let step = work.next(); !step.done; step = work.next()) pauses += 1;
  expect(pauses).toBe(3);
});
