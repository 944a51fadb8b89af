import { expect, test } from 'vitest';
import { incompleteText } from '#shared/framing/incomplete.ts';

test.each([
  [{ bytes: 4_193, missing: 61_342 }, 'waiting for 61342 more bytes of a message that claims 65535'],
  [{ bytes: 9, missing: 1 }, 'waiting for 1 more byte of a message that claims 10'],
  [{ bytes: 17, missing: 0 }, 'an incomplete message of 17 bytes'],
  [{ bytes: 1, missing: 0 }, 'an incomplete message of 1 byte'],
])('%j is said as “%s”', (incomplete, text) => {
  expect(incompleteText(incomplete)).toBe(text);
});
