import { expect, test } from 'vitest';
import { incompleteText } from '#shared/framing/incomplete.ts';

test.each([
  [{ bytes: 4_193, missing: 61_342 }, '4193 of 65535 bytes received; 61342 missing'],
  [{ bytes: 9, missing: 1 }, '9 of 10 bytes received; 1 missing'],
  [
    { bytes: 58, missing: 91, header: { bytes: 49, lengthName: 'Content-Length' } },
    '58 of 149 bytes received (49 of header, Content-Length 100); 91 missing',
  ],
  [{ bytes: 17, missing: 0 }, 'an incomplete message of 17 bytes'],
  [{ bytes: 1, missing: 0 }, 'an incomplete message of 1 byte'],
])('%j is said as “%s”', (incomplete, text) => {
  expect(incompleteText(incomplete)).toBe(text);
});
