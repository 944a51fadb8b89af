import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls, showLines } from '#shared/bytes/text.ts';
import { cases } from '#support/cases.ts';

/** Every code point that Unicode calls a control, a format character, a separator of lines or a surrogate. */
const acting = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code)).filter((char) =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(char),
);
const acts = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe('what is printed', () => {
  it('has nothing that acts or hides, whichever character it is', () => {
    expect(acting.length).toBeGreaterThan(2_200);
    for (const char of acting) {
      const shown = showControls(`a${char}b`);
      expect(shown).toMatch(/^a(?:[\u2400-\u2421]|⟨U\+[\dA-F]{4,6}⟩)b$/);
      if (char !== '\n' && char !== '\t') expect(showLines(`a${char}b`)).toBe(shown);
    }
  });

  it('keeps a joiner where a script or an emoji needs it, and shows it elsewhere', () => {
    for (const text of ['👩‍👩‍👧', '👩🏽‍🚀', '❤️‍🔥', '1️⃣', 'می‌خواهم', 'क्‍ष']) expect(showControls(text)).toBe(text);
    expect(showControls('pay\u200dpal \u200c')).toBe('pay⟨U+200D⟩pal ⟨U+200C⟩');
  });

  it('is the same value as JSON, in characters that do not act', () => {
    for (const char of acting) expect(acts.test(printableJson(char))).toBe(false);
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.constantFrom(...acting, 'a', '"', '\\'), fc.string()) }), (text) => {
        const json = printableJson({ [text]: [text] });
        expect(json).not.toMatch(acts);
        expect(JSON.parse(json)).toEqual({ [text]: [text] });
      }),
      cases(100),
    );
  });
});
