import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '#support/cases.ts';
import { editRaw, shownOf } from '../../../../src/renderer/ui/exact-text-field.tsx';

describe('a text that is edited where there is LF alone', () => {
  test.each([
    ['gets the line end of the line above', 'a\r\nb', 'a\nbx\n', 5, 'a\r\nbx\r\n'],
    ['gets LF where it had no line', 'a', 'a\n', 2, 'a\n'],
    ['loses the line end before the caret, and no other', 'a\r\n\rb', 'a\nb', 2, 'a\r\nb'],
    ['loses the line end behind the caret, and no other', 'a\r\n\rb', 'a\nb', 1, 'a\rb'],
    ['keeps its byte order mark', '\ufeffa\rb', 'xa\nb', 1, '\ufeffxa\rb'],
    ['loses its byte order mark with the last of the text', '\ufeffa', '', 0, ''],
  ])('%s', (_what, raw, text, caret, expected) => {
    expect(editRaw(raw, { text, caret })).toBe(expected);
  });

  const text = fc
    .array(fc.constantFrom('\r', '\n', '\r\n', '\ufeff', 'a', 'b', ' '), { maxLength: 12 })
    .map((parts) => parts.join(''));

  test('has what is pasted as it was, between what stays as it was', () => {
    fc.assert(
      fc.property(text, text, fc.nat(12), fc.nat(12), (raw, pasted, one, other) => {
        const before = shownOf(raw);
        const [start, end] = [Math.min(one, other, before.length), Math.min(Math.max(one, other), before.length)];
        const shown = before.slice(0, start) + pasted.replace(/\r\n?/g, '\n') + before.slice(end);
        const caret = shown.length - (before.length - end);
        const after = editRaw(raw, { text: shown, caret, incoming: { start, end, text: pasted } });
        // Alone, every byte is as it came.
        expect(
          editRaw('', { text: pasted.replace(/\r\n?/g, '\n'), caret: 0, incoming: { start: 0, end: 0, text: pasted } }),
        ).toBe(pasted);
        expect(after).toContain(pasted);
        expect(after.replace(/\r\n?/g, '\n').replaceAll('\ufeff', '').replaceAll('\n', '')).toBe(
          shown.replaceAll('\ufeff', '').replaceAll('\n', ''),
        );
      }),
      cases(300),
    );
  });

  test('shows what was typed, whatever is typed or deleted, and has no line end of another kind', () => {
    const kind = fc.constantFrom('\r', '\n', '\r\n');
    fc.assert(
      fc.property(text, kind, fc.nat(12), fc.nat(12), text, (written, end, one, other, added) => {
        const before = shownOf(written).replaceAll('\ufeff', '');
        const typed = shownOf(added).replaceAll('\ufeff', '');
        const [from, to] = [Math.min(one, other, before.length), Math.min(Math.max(one, other), before.length)];
        const next = before.slice(0, from) + typed + before.slice(to);
        const after = editRaw(before.replaceAll('\n', end), { text: next, caret: from + typed.length });
        // Without a line there is no kind of line end to go on with.
        expect(after).toBe(next.replaceAll('\n', before.includes('\n') ? end : '\n'));
      }),
      cases(300),
    );
  });
});
