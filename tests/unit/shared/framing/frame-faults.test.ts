import { expect, test } from 'vitest';
import { incompleteText } from '#shared/framing/frame-faults.ts';

test.each([
  [
    { bytes: 4_195, missing: 61_342, says: 65_535, header: 2 },
    '4195 of 65537 B received (2 of header, length field 65535); 61342 missing',
  ],
  [
    { bytes: 10, missing: 6, says: 3, unit: 'values' as const, atLeast: true },
    '10 of at least 16 B received (length field 3 values); at least 6 missing',
  ],
  [
    { bytes: 58, missing: 91, header: 49, name: 'Content-Length', says: 100 },
    '58 of 149 B received (49 of header, Content-Length 100); 91 missing',
  ],
  [{ bytes: 9, missing: 1 }, '9 of 10 B received; 1 missing'],
  [{ bytes: 17, missing: 0 }, 'an incomplete message of 17 B'],
  [{ bytes: 1, missing: 0 }, 'an incomplete message of 1 B'],
])('%j is said as “%s”', (incomplete, text) => {
  expect(incompleteText(incomplete)).toBe(text);
});
