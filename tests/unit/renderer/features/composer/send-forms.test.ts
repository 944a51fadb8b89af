import { describe, expect, test } from 'vitest';
import { paceText, readPace, readRepeat } from '../../../../../src/renderer/features/composer/send-forms.ts';
import { noPace, type PaceForm, type RepeatForm, usualRepeat } from '../../../../../src/renderer/state/drafts.ts';

const typed = (change: Partial<PaceForm>) => ({ ...noPace, ...change });

describe('the pace of a send', () => {
  test('is empty without input, and with only a delay', () => {
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

const repeated = (change: Partial<typeof usualRepeat>) => ({ ...usualRepeat, ...change });

describe('the settings of a repeated send', () => {
  test('are read, spaces ignored, and empty times are 0', () => {
    expect(readRepeat(repeated({ count: ' 5 ', intervalMs: '', jitterMs: '7' }))).toEqual({
      ok: true,
      plan: { count: 5, intervalMs: 0, jitterMs: 7 },
    });
  });

  test('have no count where it sends until stopped, whatever the count says', () => {
    expect(readRepeat(repeated({ isEndless: true, count: 'x' }))).toEqual({
      ok: true,
      plan: { intervalMs: 1_000, jitterMs: 0 },
    });
  });

  test('have a reply to wait for, whose filter matches any message if it is empty', () => {
    const reply = { replyFilter: ' text == "yes" ', replyMs: '250' };
    const read = (change: Partial<typeof usualRepeat>) => readRepeat(repeated({ ...reply, ...change }));
    expect(read({ reply: 'none' })).not.toHaveProperty('plan.reply');
    expect(read({ reply: 'any' })).toMatchObject({ plan: { reply: { filter: '', waitMs: 250 } } });
    expect(read({ reply: 'filter' })).toMatchObject({ plan: { reply: { filter: 'text == "yes"', waitMs: 250 } } });
  });

  test.each<[Partial<RepeatForm>, object]>([
    [{ count: '' }, { count: 'Minimum: 1' }],
    [{ count: '1000000001' }, { count: 'Maximum: 1000000000' }],
    [{ intervalMs: '-1' }, { intervalMs: 'A whole number is required' }],
    [{ jitterMs: '86400001' }, { jitterMs: 'Maximum: 86400000' }],
    [{ reply: 'any', replyMs: '0' }, { replyMs: 'Minimum: 1' }],
    [{ reply: 'filter', replyFilter: ' ' }, { replyFilter: 'A filter is required' }],
    [
      { reply: 'filter', replyFilter: 'x'.repeat(9_999) },
      { replyFilter: expect.stringMatching(/^Maximum: \d+ characters$/) },
    ],
  ])('say what is wrong with %j', (change, errors) => {
    expect(readRepeat(repeated(change))).toEqual({ ok: false, errors });
  });
});
