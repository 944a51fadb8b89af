import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '#support/cases.ts';
import { textSegments } from '../../../src/renderer/features/inspector/text-segments.ts';

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
    expect(shown).toEqual(['text:a', 'control:␀', 'text:b', 'control:␛', 'text:[2J', 'control:U+202E', 'text:c']);
  });
});
