import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases, Reached } from '#support/cases.ts';
import {
  countInvalid,
  isUnusual,
  maxBlockBytes,
  maxBlockLines,
  textBlocks,
  textParts,
  textSegments,
} from '../../../../../src/renderer/features/inspector/text-segments.ts';

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
      { kind: 'invalid', at: 1, text: 'ff fe', title: '2 B of invalid UTF-8 at offset 1' },
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

describe('a message that would cost a page much', () => {
  const pieces = [
    'a',
    'word ',
    '\n',
    '\r\n',
    '\r',
    '\u0000',
    '\u0301',
    '\u20d0',
    'ü',
    '\u1100',
    '😀',
    'x'.repeat(maxBlockBytes * 3),
  ];
  const texts = fc
    .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(1, 3, 700)))
    .map((parts) => parts.map(([piece, count]) => piece.repeat(piece.length > 10 ? 1 : count)).join(''));

  test('is split into blocks that are the message, none long, and no character is split', () => {
    const reached = new Reached<'one' | 'many'>();
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = bytesOf(text);
        const blocks = textBlocks(bytes);
        reached.note(blocks.length > 1 ? 'many' : 'one');
        expect(blocks.map(({ from }) => from)).toEqual([0, ...blocks.map(({ to }) => to)].slice(0, blocks.length));
        expect(blocks.at(-1)?.to ?? 0).toBe(bytes.length);
        const shown = (from: number, to: number) =>
          textSegments(bytes.subarray(from, to), { next: bytes[to] })
            .map((segment) => segment.text)
            .join('');
        const parts = blocks.map(({ from, to }) => shown(from, to));
        expect(parts.join('')).toBe(shown(0, bytes.length));
        expect(Math.max(0, ...parts.map((part) => part.split('\n').length - 1))).toBeLessThanOrEqual(maxBlockLines);
        // A control character is written with up to six characters.
        expect(Math.max(0, ...parts.map((part) => part.length))).toBeLessThanOrEqual(6 * maxBlockBytes);
      }),
      cases(100),
    );
    reached.expectEach(['one', 'many'], 5);
  });

  test('has no character with more than 30 combining marks, and says how many there are', () => {
    const shown = textSegments(bytesOf(`e${'\u0301'.repeat(200_000)}f`));
    expect(shown.map(({ kind }) => kind)).toEqual(['text', 'control', 'text']);
    expect(shown[0]?.text).toBe(`e${'\u0301'.repeat(30)}`);
    expect(shown[1]?.text).toMatch(/^\+199.970 marks$/);
    expect(textBlocks(bytesOf(`e${'\u0301'.repeat(200_000)}f`))).toHaveLength(2);
  });

  test('has one mark for a run of one control character', () => {
    expect(textSegments(new Uint8Array(1_000))).toEqual([
      {
        kind: 'control',
        at: 0,
        text: '\\0'.repeat(1_000),
        title: expect.stringMatching(/^1.000 control characters U\+0000$/),
      },
    ]);
  });

  test('counts each run of bytes that are not UTF-8 once', () => {
    expect(countInvalid(Uint8Array.of(0xff, 0xfe, 65, 0xc3, 0xbc, 0xc3))).toBe(2);
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
    const { match, after } = textParts(bytesOf('a\r\nb'), { from: 0, to: 4, lines: 1 }, { at: 0, length: 2 }, true);
    expect([...match, ...after].map((segment) => segment.text).join('')).toBe('a\\r\\n\nb');
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
