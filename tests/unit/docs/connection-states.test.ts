import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withStates } from '../../../tools/connection-diagram.ts';

test('docs/architecture.md shows the states that the transition table has', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  expect(withStates(text)).toBe(text);
  expect(text).toContain('open --> finishing: shutdown');
});
