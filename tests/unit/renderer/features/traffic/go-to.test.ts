import { describe, expect, test } from 'vitest';
import { parseMoment, parseRecordNumber } from '../../../../../src/renderer/features/traffic/go-to-dialog.tsx';

/** 14:05:09 on a day of this computer's zone. */
const start = new Date(2026, 2, 1, 14, 5, 9).getTime();

describe('the moment that is gone to', () => {
  test.each([
    ['12.5', 12_500],
    ['0', 0],
    ['300ms', 300],
    ['00:12.5', 12_500],
    ['2:05', 125_000],
    ['14:05:10', 1_000],
    ['14:05:09.25', 250],
    ['14:05:08', 24 * 3_600_000 - 1_000],
    ['2026-03-01T14:05:11', 2_000],
  ])('%s is %d ms after the start', (text, ms) => {
    expect(parseMoment(text, start)).toEqual({ ok: true, at: start + ms });
  });

  test.each(['', 'soon', '-5', '25:00:00', '1:2:3:4'])('%j is refused with the accepted forms', (text) => {
    expect(parseMoment(text, start)).toEqual({ ok: false, error: expect.stringMatching(/^Enter seconds/) });
  });
});

describe('the record that is gone to', () => {
  test('is written as the table shows it', () => {
    expect(parseRecordNumber('10\u202f431', 20_000)).toEqual({ ok: true, seq: 10_431 });
    expect(parseRecordNumber('#7', 8)).toEqual({ ok: true, seq: 7 });
  });

  test.each([
    ['8', 8, 'The last record is 7.'],
    ['x', 8, 'Enter a record number.'],
    ['0', 0, 'There are no records yet.'],
  ])('%j of %d is refused', (text, total, error) => {
    expect(parseRecordNumber(text, total)).toEqual({ ok: false, error });
  });
});
