import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cases } from '#support/cases.ts';
import { hasLongLine, scaleOf } from '../../../../../src/renderer/features/composer/editor-scale.ts';

test('a text is huge by its length or by its number of lines', () => {
  expect([scaleOf(10, 1), scaleOf(40_000, 1), scaleOf(1_048_576, 100_000)]).toEqual(['short', 'long', 'long']);
  expect([scaleOf(1_048_577, 1), scaleOf(200_000, 100_001)]).toEqual(['huge', 'huge']);
});

test('a line is long with more than 20 000 characters, wherever it is', () => {
  const length = fc.oneof(fc.nat(60), fc.integer({ min: 19_990, max: 20_010 }));
  fc.assert(
    fc.property(fc.array(length, { maxLength: 8 }), (lengths) => {
      const text = lengths.map((count) => 'a'.repeat(count)).join('\n');
      expect(hasLongLine(text)).toBe(lengths.some((count) => count > 20_000));
    }),
    cases(100),
  );
});
