import { describe, expect, it } from 'vitest';
import type { StoredSession } from '#shared/contract/models.ts';
import {
  recordsText,
  storedNote,
  storedWord,
  usedText,
  whenText,
} from '../../../../../src/renderer/features/sessions/session-entry.tsx';

const stored = (change: Partial<StoredSession> = {}): StoredSession => ({
  reference: 'stored:a.wirebench',
  path: '/sessions/a.wirebench',
  name: 'a',
  startedAt: 0,
  changedAt: 0,
  fileBytes: 1_000,
  state: 'ended',
  ...change,
});

describe('when a session began', () => {
  const now = new Date(2026, 2, 2, 14, 30).getTime();
  it.each([
    [new Date(2026, 2, 2, 0, 0), 'today 00:00'],
    [new Date(2026, 2, 2, 14, 5), 'today 14:05'],
    [new Date(2026, 2, 1, 23, 59), 'yesterday 23:59'],
    [new Date(2026, 2, 1, 0, 0), 'yesterday 00:00'],
    [new Date(2026, 1, 28, 23, 59), '2026-02-28 23:59'],
    [new Date(2026, 2, 3, 0, 0), '2026-03-03 00:00'],
  ])('%s is said as “%s”', (at, text) => {
    expect(whenText(at.getTime(), now)).toBe(text);
  });
});

describe('a stored session in words', () => {
  it('that ended in order needs none', () => {
    expect(storedWord(stored())).toBe('');
    expect(storedNote(stored())).toBe('');
  });

  it('that crashed is recovered, and says what was discarded', () => {
    expect(storedWord(stored({ state: 'crashed' }))).toBe('recovered');
    expect(storedNote(stored({ state: 'crashed', cutBytes: 0 }))).toContain('all blocks in the file are complete');
    expect(storedNote(stored({ state: 'crashed', cutBytes: 1_500 }))).toContain('an incomplete block of 1.5 KB');
  });

  it('that another Wirebench records to is in use', () => {
    expect(storedWord(stored({ state: 'busy' }))).toBe('in use');
    expect(storedNote(stored({ state: 'busy' }))).toBe('Another Wirebench is recording to this session.');
  });

  it('has its records where they are known', () => {
    expect(recordsText(stored({ records: 1 }))).toBe('1 record');
    expect(recordsText(stored({ records: 12_345 }))).toBe('12\u202f345 records');
    expect(recordsText(stored())).toBe('');
  });

  it('is summed up with others', () => {
    expect(usedText([])).toBe('0 sessions, 0 B');
    expect(usedText([stored(), stored()])).toBe('2 sessions, 2.0 KB');
  });
});
