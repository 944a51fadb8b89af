import { expect, test } from 'vitest';
import { incompleteText } from '#shared/framing/incomplete.ts';

test.each([
  [
    { bytes: 4_195, missing: 61_342, says: 65_535, header: 2 },
    'waiting for 61342 more bytes of a message of 65537 bytes, whose length field says 65535',
  ],
  [
    { bytes: 10, missing: 6, says: 3, unit: 'values' as const, atLeast: true },
    'waiting for at least 6 more bytes of a message of at least 16 bytes, whose length field says 3 values',
  ],
  [{ bytes: 9, missing: 1 }, 'waiting for 1 more byte of a message of 10 bytes'],
  [{ bytes: 17, missing: 0 }, 'an incomplete message of 17 bytes'],
  [{ bytes: 1, missing: 0 }, 'an incomplete message of 1 byte'],
])('%j is said as “%s”', (incomplete, text) => {
  expect(incompleteText(incomplete)).toBe(text);
});
