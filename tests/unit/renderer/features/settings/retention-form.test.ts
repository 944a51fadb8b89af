import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRetention, retentionSchema } from '#shared/contract/models.ts';
import { cases, Reached } from '#support/cases.ts';
import { readRetention, retentionForm } from '../../../../../src/renderer/features/settings/settings-dialog.tsx';

describe('the fields of what is kept', () => {
  it('show whole numbers in the larger unit that fits', () => {
    expect(retentionForm(defaultRetention)).toEqual({ sessions: '100', size: '8', unit: 'GB' });
    expect(retentionForm({ sessions: 3, bytes: 250_000_000 })).toEqual({ sessions: '3', size: '250', unit: 'MB' });
  });

  it('are read with a point or a comma', () => {
    const retention = { sessions: 7, bytes: 1_500_000_000 };
    expect(readRetention({ sessions: ' 7 ', size: '1.5', unit: 'GB' })).toEqual({ ok: true, retention });
    expect(readRetention({ sessions: '7', size: '1,5', unit: 'GB' })).toEqual({ ok: true, retention });
  });

  it.each([
    ['0', '1', { sessions: expect.stringContaining('1 to') }],
    ['-1', '1', { sessions: expect.any(String) }],
    ['1.5', '1', { sessions: expect.any(String) }],
    ['', '', { sessions: expect.any(String), size: expect.any(String) }],
    ['5', 'much', { size: expect.stringContaining('10 MB') }],
    ['5', '0.001', { size: expect.any(String) }],
    ['5', '1e9', { size: expect.any(String) }],
  ])('say what is wrong with %j and %j', (sessions, size, errors) => {
    expect(readRetention({ sessions, size, unit: 'GB' })).toEqual({ ok: false, errors });
  });

  it('read only what the engine takes, whatever is typed', () => {
    const reached = new Reached<'limits' | 'errors'>();
    const typed = fc.oneof(fc.string(), fc.double().map(String), fc.integer({ min: -2, max: 200_000 }).map(String));
    fc.assert(
      fc.property(typed, typed, fc.constantFrom('MB' as const, 'GB' as const), (sessions, size, unit) => {
        const read = readRetention({ sessions, size, unit });
        reached.note(read.ok ? 'limits' : 'errors');
        expect(!read.ok || retentionSchema.safeParse(read.retention).success).toBe(true);
      }),
      cases(300),
    );
    reached.expectEach(['limits', 'errors']);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 10, max: 999_999 }),
        (sessions, megabytes) => {
          const retention = { sessions, bytes: megabytes * 1_000_000 };
          expect(readRetention(retentionForm(retention))).toEqual({ ok: true, retention });
        },
      ),
    );
  });
});
