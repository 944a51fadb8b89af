import { describe, expect, test } from 'vitest';
import { noPace, type PaceForm, paceText, readPace } from '../../../../src/renderer/state/drafts.ts';

const typed = (change: Partial<PaceForm>) => ({ ...noPace, ...change });

describe('the pace of a send', () => {
  test('is none where nothing is typed, and where only a wait is', () => {
    expect(readPace(noPace)).toEqual({ ok: true, pace: undefined });
    expect(readPace(typed({ delayMs: '50' }))).toEqual({ ok: true, pace: undefined });
    expect(paceText(noPace)).toBe('immediate');
  });

  test('is read, its places in order', () => {
    expect(readPace(typed({ chunkBytes: '4', delayMs: ' 50 ', splits: '10, 4 7' }))).toEqual({
      ok: true,
      pace: { bytesPerSecond: 0, chunkBytes: 4, delayMs: 50, splits: [4, 7, 10] },
    });
  });

  test.each([
    [{ bytesPerSecond: 'fast' }, { bytesPerSecond: 'A whole number is required' }],
    [{ delayMs: '3600001' }, { delayMs: 'Maximum: 3600000' }],
    [{ splits: '4, x' }, { splits: 'Byte offsets, separated by commas' }],
    [{ splits: '0' }, { splits: 'An offset must be at least 1' }],
  ])('says what is wrong with %j', (change, errors) => {
    expect(readPace(typed(change))).toEqual({ ok: false, errors });
    expect(paceText(typed(change))).toBe('invalid timing');
  });

  test.each([
    [{ bytesPerSecond: '100' }, '100 B/s'],
    [{ chunkBytes: '8', delayMs: '20' }, 'chunks of 8 B, 20 ms apart'],
    [{ splits: '1,2,3,4', delayMs: '5' }, 'split at 1, 2, 3 …, 5 ms apart'],
  ])('is said in a few words: %j', (change, text) => {
    expect(paceText(typed(change))).toBe(text);
  });
});
