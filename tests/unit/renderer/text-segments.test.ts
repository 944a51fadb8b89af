import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '#support/cases.ts';
import { isUnusual, textParts, textSegments } from '../../../src/renderer/features/inspector/text-segments.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a message as text', () => {
  test('is all text where it is UTF-8 without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aé€😀\n\t "<script>') }), (text) => {
        const segments = textSegments(bytesOf(text));
        expect(segments.every(({ kind }) => kind === 'text')).toBe(true);
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
      }),
    );
  });

  test('marks exactly the bytes that are not UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const marked = textSegments(bytes).flatMap((segment) =>
          segment.kind === 'invalid' ? segment.text.split(' ').map((_, index) => segment.at + index) : [],
        );
        const kept = bytes.filter((_, index) => !marked.includes(index));
        expect(() => new TextDecoder('utf-8', { fatal: true }).decode(kept)).not.toThrow();
        let valid = true;
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        } catch {
          valid = false;
        }
        expect(marked.length === 0).toBe(valid);
      }),
      cases(300),
    );
  });

  test('shows invalid bytes as hex with their offset', () => {
    expect(textSegments(Uint8Array.of(65, 0xff, 0xfe, 66))).toEqual([
      { kind: 'text', at: 0, text: 'A' },
      { kind: 'invalid', at: 1, text: 'ff fe', title: '2 bytes are not UTF-8, at offset 1' },
      { kind: 'text', at: 3, text: 'B' },
    ]);
  });

  test('lets no control character hide or turn the text', () => {
    const shown = textSegments(bytesOf('a\u0000b\u001b[2J\u202ec')).map(({ kind, text }) => `${kind}:${text}`);
    expect(shown).toEqual([
      'text:a',
      'control:\\0',
      'text:b',
      'control:\\x1b',
      'text:[2J',
      'control:⟨U+202E⟩',
      'text:c',
    ]);
  });
});

test('a message as text hides no format character of Unicode', () => {
  const all = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code));
  for (const char of all.filter((one) => /[\p{Cf}\p{Zl}\p{Zp}]/u.test(one))) {
    const name = `⟨U+${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟩`;
    const shown = textSegments(bytesOf(`a${char}b`)).map(({ kind, text }) => `${kind}:${text}`);
    expect(shown).toEqual(['text:a', `control:${name}`, 'text:b']);
  }
});

describe('line ends and tabs of a message as text', () => {
  const shown = (text: string, reveal: boolean) =>
    textSegments(bytesOf(text), { reveal })
      .map((segment) => segment.text)
      .join('');

  test('have their symbols where they are shown', () => {
    expect(shown('a\nb\r\nc\rd\te', true)).toBe('a\\n\nb\\r\\n\nc\\r\nd\\t\te');
  });

  test('break the line without symbols, a CR alone too', () => {
    expect(shown('MSH|A\rPID|1\r', false)).toBe('MSH|A\nPID|1\n');
    expect(shown('a\r\nb\n', false)).toBe('a\nb\n');
  });

  test('can be told apart by what is shown, whatever the text', () => {
    const text = fc.array(fc.constantFrom('\r', '\n', '\t', 'a', '\u0000', '\u202e', 'ü')).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (raw) => {
        const back = textSegments(bytesOf(raw), { reveal: true })
          .map((segment) => (segment.kind === 'text' ? segment.text.replace(/[\n\t]/g, '') : segment.text))
          .join('')
          .replaceAll('\\r', '\r')
          .replaceAll('\\n', '\n')
          .replaceAll('\\t', '\t')
          .replaceAll('\\0', '\u0000')
          .replaceAll('⟨U+202E⟩', '\u202e');
        expect(back).toBe(raw);
      }),
      cases(300),
    );
  });

  test('stay one where what was found ends inside it', () => {
    const { match, after } = textParts(bytesOf('a\r\nb'), { at: 0, length: 2 }, true);
    expect([...match, ...after].map((segment) => segment.text).join('')).toBe('a\\r\\n\nb');
  });

  test('beyond a number that a page can hold stand in the text', () => {
    const segments = textSegments(bytesOf('a\r'.repeat(100_000)), { reveal: true });
    expect(segments.length).toBeLessThan(20_010);
    expect(segments.map((segment) => segment.text).join('')).toBe('a\\r\n'.repeat(100_000));
  });

  test.each([
    ['{"a":1}\n', false],
    ['a\r\nb\r\n\tc', true],
    ['a\nb\n\tc', false],
    ['MSH|A\r', true],
    ['a\r\nb\n', true],
    ['a\0', true],
    ['a\u202eb', true],
    ['\u001b[31m', true],
    ['\ufeffa', true],
  ])('are unusual in %j: %s', (text, unusual) => {
    expect(isUnusual(bytesOf(text))).toBe(unusual);
  });
});
