import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { limitMarks, maxMarks, shortText } from '#shared/bytes/clusters.ts';

it('leaves no more than 30 combining marks in a row, and all else as it is', () => {
  const text = fc.string({ unit: fc.constantFrom('e', '\u0301', '\u0316', '\u{1e8d0}', ' ', '\u0301'.repeat(40)) });
  fc.assert(
    fc.property(text, (given) => {
      const limited = limitMarks(given);
      expect(limited).not.toMatch(new RegExp(`\\p{M}{${maxMarks + 1}}`, 'u'));
      expect(limited.replaceAll(/\[\+\d+ marks\]|\p{M}/gu, '')).toBe(given.replaceAll(/\p{M}/gu, ''));
    }),
  );
});

test('says how many marks are left out, as characters', () => {
  expect(limitMarks(`e${'\u{1e8d0}'.repeat(100)}f`)).toBe(`e${'\u{1e8d0}'.repeat(30)}[+70 marks]f`);
});

test('a text for a line is short, and shows that it was longer', () => {
  expect(shortText('abcdef', 3)).toBe('abc…');
  expect(shortText('abc', 3)).toBe('abc');
  expect(shortText('\u0301'.repeat(1_000_000)).length).toBeLessThan(100);
});
