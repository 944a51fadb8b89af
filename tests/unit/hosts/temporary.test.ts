import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeFileName } from '#hosts/browser/temporary.ts';

it('keeps an ordinary name as it is', () => {
  expect(safeFileName('session 2026-01-31.wirebench')).toBe('session 2026-01-31.wirebench');
  expect(safeFileName('größe.jsonl')).toBe('größe.jsonl');
});

it('makes one plain file name of anything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeFileName(name);
      expect(safe).not.toMatch(/[/\\:\0\n\r"]/);
      expect(safe).not.toMatch(/^\.*$/);
      expect(safe.length).toBeLessThanOrEqual(120);
      expect(safe.isWellFormed()).toBe(true);
    }),
  );
});
