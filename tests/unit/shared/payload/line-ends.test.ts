import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changeEnds,
  endOfLine,
  isMixed,
  joinText,
  lineEndOf,
  lineEnds,
  splitText,
  withByteOrderMark,
  withLineEnd,
} from '#shared/payload/line-ends.ts';
import { cases, Reached } from '#support/cases.ts';

const piece = fc.constantFrom('\n', '\r\n', '\r', '\ufeff', 'a', ' ', '\t', '\u2028', '\u0085', 'ü', '\0');
const rawText = fc.array(piece, { maxLength: 24 }).map((parts) => parts.join(''));
const lineText = fc.array(fc.constantFrom('a', ' ', 'ü'), { maxLength: 3 }).map((parts) => parts.join(''));

describe('a payload in an editor that knows one kind of line end', () => {
  test('is the same text again when it leaves', () => {
    fc.assert(
      fc.property(rawText, (raw) => {
        const split = splitText(raw);
        expect(joinText(split)).toBe(raw);
        expect(split.text).not.toContain('\r');
        expect(split.ends.length).toBe(split.text.split('\n').length - 1);
      }),
      cases(500),
    );
  });

  test('keeps the line end of every line that an edit does not touch, and those that an inserted text came with', () => {
    const reached = new Reached<'pasted' | 'typed' | 'joined lines'>();
    const mixed = fc.array(fc.tuple(lineText, fc.constantFrom('\n', '\r\n', '\r')), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(mixed, mixed, fc.nat(), fc.nat(), fc.boolean(), (lines, inserted, from, length, isPasted) => {
        const { ends } = splitText(lines.map(([text, end]) => `${text}x${end}`).join(''));
        const startLine = 1 + (from % (lines.length + 1));
        const endLine = Math.min(lines.length + 1, startLine + (length % 3));
        const incoming = splitText(inserted.map(([text, end]) => `${text}x${end}`).join(''));
        const change = { startLine, endLine, text: incoming.text, ends: isPasted ? incoming.ends : undefined };
        const after = changeEnds(ends, change, 'crlf');
        expect(after.length).toBe(ends.length - (endLine - startLine) + inserted.length);
        expect(after.slice(0, startLine - 1)).toBe(ends.slice(0, startLine - 1));
        expect(after.slice(startLine - 1 + inserted.length)).toBe(ends.slice(endLine - 1));
        if (isPasted) expect(after.slice(startLine - 1, startLine - 1 + inserted.length)).toBe(incoming.ends);
        reached.note(isPasted ? 'pasted' : 'typed');
        if (endLine > startLine) reached.note('joined lines');
      }),
      cases(500),
    );
    reached.expectEach(['pasted', 'typed', 'joined lines']);
  });

  test.each([
    ['', 'crlf', 'B'],
    ['CCC', 'lf', 'CCCC'],
    ['BL', 'lf', 'BBL'],
  ] as const)('gets the line end of the line above where one is typed: %s', (ends, typed, after) => {
    expect(changeEnds(ends, { startLine: 2, endLine: 2, text: '\n', ends: undefined }, typed)).toBe(after);
  });
});

describe('the kind of line end', () => {
  test.each([
    ['', undefined],
    ['one line', undefined],
    ['a\nb\n', 'lf'],
    ['a\r\nb\r\n', 'crlf'],
    ['MSH|A\rPID|1\r', 'cr'],
    ['a\r\nb\n', 'mixed'],
    ['a\r\r\n', 'mixed'],
    ['\u2028\u0085', undefined],
  ] as const)('of %j is %s', (text, kind) => {
    expect(lineEndOf(text)).toBe(kind);
  });

  test('is the one that was chosen, for every line, and nothing else changes', () => {
    fc.assert(
      fc.property(rawText, fc.constantFrom(...lineEnds), (raw, kind) => {
        const changed = withLineEnd(raw, kind);
        expect(splitText(changed).text).toBe(splitText(raw).text);
        expect([kind, undefined]).toContain(lineEndOf(changed));
      }),
      cases(300),
    );
  });

  test('agrees with the letters of an editor', () => {
    fc.assert(
      fc.property(rawText, (raw) => {
        const { ends } = splitText(raw);
        expect(isMixed(ends)).toBe(lineEndOf(raw) === 'mixed');
        if (!isMixed(ends)) expect(endOfLine(ends, 1)).toBe(lineEndOf(raw));
      }),
      cases(300),
    );
  });
});

test('a byte order mark is set and taken away once', () => {
  expect(withByteOrderMark('a', true)).toBe('\ufeffa');
  expect(withByteOrderMark('\ufeffa', true)).toBe('\ufeffa');
  expect(withByteOrderMark('\ufeffa', false)).toBe('a');
});
