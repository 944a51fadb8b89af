import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needleOf } from '../../../../../src/renderer/features/inspector/find-bar.tsx';
import { readParts, readsText } from '../../../../../src/renderer/features/inspector/record-data.ts';
import { textParts } from '../../../../../src/renderer/features/inspector/text-segments.ts';

const read = (offset: number, length: number) => ({ offset, length, at: 0 });

describe('the reads of a message', () => {
  test('are listed with the number of bytes that each returned', () => {
    const reads = [read(0, 1_448), read(1_448, 552), read(2_000, 12)];
    expect(readsText(readParts({ offset: 0, length: 2_012 }, reads))).toMatch(
      /^received in 3 recv\(\) calls: 1\s448 \+ 552 \+ 12 B$/,
    );
  });

  test('are limited to the message, without reads of other messages', () => {
    const parts = readParts({ offset: 100, length: 50 }, [read(0, 100), read(100, 20), read(120, 500), read(620, 9)]);
    expect(parts).toMatchObject([
      { from: 0, length: 20, whole: 20 },
      { from: 20, length: 30, whole: 500 },
    ]);
  });

  test('may be one that also returned other messages', () => {
    expect(readsText(readParts({ offset: 10, length: 5 }, [read(0, 100)]))).toBe(
      'received in a 100-byte recv, with other messages',
    );
    expect(readsText(readParts({ offset: 0, length: 5 }, [read(0, 5)]))).toBe('received in 1 recv');
    expect(readsText([])).toBe('');
  });

  test('are not all listed where there are many', () => {
    const reads = Array.from({ length: 400 }, (_, index) => read(index, 1));
    expect(readsText(readParts({ offset: 0, length: 400 }, reads))).toBe(
      'received in 400 recv() calls: 1 + 1 + 1 + 1 + 1 + 1 + … B',
    );
  });
});

describe('what is looked for in a message', () => {
  test('is text or bytes', () => {
    expect(needleOf('é', 'text')).toEqual(new Uint8Array([0xc3, 0xa9]));
    expect(needleOf('0d:0a', 'hex')).toEqual(new Uint8Array([0x0d, 0x0a]));
    expect(needleOf('0d0', 'hex')).toBe('a byte needs two hex digits');
  });

  const shown = (bytes: Uint8Array, place: { at: number; length: number } | undefined) => {
    const { before, match, after } = textParts(bytes, { from: 0, to: bytes.length, lines: 0 }, place);
    return [before, match, after].map((part) => part.map(({ text }) => text).join(''));
  };

  test('is widened to whole characters in the text', () => {
    const bytes = new TextEncoder().encode('aéb€c');
    expect(shown(bytes, { at: 2, length: 1 })).toEqual(['a', 'é', 'b€c']);
    expect(shown(bytes, { at: 5, length: 1 })).toEqual(['aéb', '€', 'c']);
    expect(shown(bytes, undefined)).toEqual(['aéb€c', '', '']);
    expect(shown(bytes, { at: 7, length: 9 })).toEqual(['aéb€c', '', '']);
  });

  test('leaves nothing of a text out and adds nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), fc.nat(8), (text, at, length) => {
        const bytes = new TextEncoder().encode(text);
        const place = { at: at % bytes.length, length };
        expect(shown(bytes, place).join('')).toBe(shown(bytes, undefined).join(''));
      }),
    );
  });
});
