import { expect, test } from 'vitest';
import { findWording } from '../../../tools/plain-english.ts';

test('code, docs and help are written in plain technical English with the words of the glossary', () => {
  expect(findWording().map(({ place, line, instead }) => `${place} ${line} (instead: ${instead})`)).toEqual([]);
});
