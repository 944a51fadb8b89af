import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyondRetention, type RetainedSession, youngestDeletedMs } from '#shared/record/retention.ts';
import { Reached } from '#support/cases.ts';

const now = Date.UTC(2026, 2, 1);
const old = now - 2 * youngestDeletedMs;

function session(startedAt: number, change: Partial<RetainedSession> = {}): RetainedSession {
  return { startedAt, changedAt: startedAt, fileBytes: 10, kept: false, inUse: false, ...change };
}

describe('what is beyond the limits of retention', () => {
  it('is nothing where count and bytes are within them', () => {
    const sessions = [session(old), session(old - 1)];
    expect(beyondRetention(sessions, { sessions: 2, bytes: 20 }, now)).toEqual([]);
  });

  it('is the oldest, until the count fits', () => {
    const [first, second, third] = [session(old - 3), session(old - 2), session(old - 1)];
    expect(beyondRetention([second, third, first], { sessions: 1, bytes: 1_000 }, now)).toEqual([first, second]);
  });

  it('is the oldest, until the bytes fit', () => {
    const large = session(old - 3, { fileBytes: 90 });
    const small = session(old - 2);
    expect(beyondRetention([large, small], { sessions: 9, bytes: 99 }, now)).toEqual([large]);
  });

  it('is never one that changed within a day, however long ago it began', () => {
    const young = session(old - 9, { changedAt: now - youngestDeletedMs + 1 });
    expect(beyondRetention([young], { sessions: 0, bytes: 0 }, now)).toEqual([]);
  });

  it('leaves out what was named or annotated, and does not count it', () => {
    const kept = [session(old - 9, { kept: true, fileBytes: 1_000 }), session(old - 8, { kept: true })];
    const other = session(old - 1);
    expect(beyondRetention([...kept, other], { sessions: 1, bytes: 10 }, now)).toEqual([]);
    expect(beyondRetention([...kept, other], { sessions: 0, bytes: 10 }, now)).toEqual([other]);
  });

  it('never holds what is in use, is kept or is young, and no more than is needed', () => {
    const any: fc.Arbitrary<RetainedSession> = fc.record({
      startedAt: fc.integer({ min: old - 1_000, max: now }),
      changedAt: fc.integer({ min: old, max: now }),
      fileBytes: fc.integer({ min: 0, max: 100 }),
      kept: fc.boolean(),
      inUse: fc.boolean(),
    });
    const limits = fc.record({ sessions: fc.integer({ min: 0, max: 9 }), bytes: fc.integer({ min: 0, max: 600 }) });
    const reached = new Reached<'some go' | 'all stay' | 'some are kept' | 'some are young'>();
    fc.assert(
      fc.property(fc.array(any, { maxLength: 15 }), limits, (sessions, most) => {
        const beyond = beyondRetention(sessions, most, now);
        for (const one of beyond) {
          expect(one.kept || one.inUse).toBe(false);
          expect(now - one.changedAt).toBeGreaterThanOrEqual(youngestDeletedMs);
        }
        reached.note(beyond.length > 0 ? 'some go' : 'all stay');
        if (sessions.some(({ kept }) => kept)) reached.note('some are kept');
        if (sessions.some(({ changedAt }) => now - changedAt < youngestDeletedMs)) reached.note('some are young');
        const isTooMuch = (left: readonly RetainedSession[]) => {
          const counted = left.filter(({ kept }) => !kept);
          const bytes = counted.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
          return counted.length > most.sessions || bytes > most.bytes;
        };
        // Without the last of them it would still be too much; what is left is, only where no more may go.
        const left = sessions.filter((one) => !beyond.includes(one));
        expect(beyond.slice(-1).every((last) => isTooMuch([...left, last]))).toBe(true);
        const mayGo = left.some((one) => !one.kept && !one.inUse && now - one.changedAt >= youngestDeletedMs);
        expect(isTooMuch(left) && mayGo).toBe(false);
      }),
    );
    reached.expectEach(['some go', 'all stay', 'some are kept', 'some are young'], 10);
  });
});
