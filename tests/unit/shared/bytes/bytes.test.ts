import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHex, toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8, encodeUtf8, previewText, showControls, showLines, utf8Length } from '#shared/bytes/text.ts';

function* codes(from: number, to: number): Generator<string> {
  for (let code = from; code <= to; code += 1) yield String.fromCodePoint(code);
}

describe('hex', () => {
  test('is read back as it was written, whatever separates the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('', ' ', ':', '-', ', ', '\n', ' 0x', '\\x'), (bytes, separator) => {
        expect(parseHex(toHex(bytes, separator))).toEqual({ ok: true, bytes });
      }),
    );
  });

  test.each([
    ['0a 0', 3, 'a byte needs two hex digits'],
    ['0g', 1, '“g” is not a hex digit'],
    ['a b', 0, 'a byte needs two hex digits'],
    ['0x7, 0x08', 2, 'a byte needs two hex digits'],
    ['78 \\x', 3, 'a byte needs two hex digits'],
    ['\\n', 0, '“\\” is not a hex digit'],
    ['{0x78, 0x0d', 0, 'a brace has no counterpart'],
    ['0x78}', 4, 'a brace has no counterpart'],
    ['1 {0x78}', 2, 'a brace has no counterpart'],
    ['{0x78} 1', 5, 'a brace has no counterpart'],
    ['{0x78, {0x0d}}', 7, '“{” is not a hex digit'],
    ['{0x78, 13}', 7, 'hex and decimal numbers are mixed'],
    ['{120, 256}', 6, 'a byte is at most 255'],
    ['{0x7g}', 4, '“g” is not a hex digit'],
    ['"\\x78', 0, 'a quote has no counterpart'],
    ['"\\x78" 0d "\\x0d"', 15, 'a quote has no counterpart'],
    ['"\\x78\\n"', 5, '“\\” is not a hex digit'],
    ['f(1) = {0x78}', 7, 'a brace has no counterpart'],
    ['0😀', 1, '“😀” is not a hex digit'],
  ])('%j is refused at %i', (text, at, reason) => {
    expect(parseHex(text)).toEqual({ ok: false, at, reason });
  });

  test.each([
    '780d',
    '78:0d',
    '78-0D',
    '0x780x0d',
    '0x78,0x0d,',
    '\\x78\\x0d',
    '\\X78 \\x0D',
    '{0x78, 0x0d}',
    ' { 0x78,\n  0x0d,\n};\n',
    '\u00a078\u20030d',
    'unsigned char b[] = {0x78, 0x0d};',
    'static const uint8_t b[2] = {\n  0x78, 0x0d,\n};\n',
    'unsigned char a_bin[] = {\n  0x78, 0x0d\n};\nunsigned int a_bin_len = 2;\n',
    '{0x78, 0xd}',
    '{120, 13}',
    '{ 120,\n 13, };',
    '{78 0d}',
    '"\\x78\\x0d"',
    'char *b = "\\x78"\n  "\\x0d";',
  ])('%j spells the bytes 78 and 0d', (text) => {
    expect(parseHex(text)).toEqual({ ok: true, bytes: Uint8Array.of(0x78, 0x0d) });
  });

  test('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(parseHex(text)).toHaveProperty('ok')));
  });
});

describe('text', () => {
  test('valid UTF-8 is decoded to what was encoded; anything else is not text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => void expect(decodeUtf8(encodeUtf8(text))).toBe(text)),
    );
    expect(decodeUtf8(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
    expect(decodeUtf8(Uint8Array.of(0xc3))).toBeUndefined();
  });

  test('has a length that is that of its UTF-8, wherever a long text is taken apart', () => {
    const text = fc
      .array(fc.constantFrom('a', 'ü', '€', '😀', '\ud83d', '\ude00'), { minLength: 1, maxLength: 7 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.nat(150_000), fc.nat(3), (part, length, before) => {
        const whole = 'x'.repeat(before) + part.repeat(Math.ceil(length / part.length));
        expect(utf8Length(whole)).toBe(encodeUtf8(whole).length);
      }),
    );
  });

  test('a preview is one line without control characters, and never splits a character', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(300), (bytes, most) => {
        expect(previewText(bytes, most)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }),
    );
    expect(previewText(encodeUtf8('a€€'), 5)).toBe('a€');
    expect(previewText(encodeUtf8('a\r\n\u0000\u001b[31m'))).toBe('a␍␊␀␛[31m');
  });

  test('what turns text around or hides has a name, unlike bytes that are no text', () => {
    expect(showControls('user\u202etxt.exe')).toBe('user⟨U+202E⟩txt.exe');
    expect(previewText(Uint8Array.of(0xef, 0xbb, 0xbf, 0xff))).toBe('⟨U+FEFF⟩\ufffd');
    for (const hiding of ['\u00ad', '\u034f', '\u115f', '\u3164', '\ufe0f', '\uffa0', '\u{e0100}']) {
      expect(showLines(`a${hiding}b`)).toMatch(/^a⟨U\+[\dA-F]{4,5}⟩b$/);
    }
  });

  test('scripts and emoji keep the joiners and selectors that they need', () => {
    for (const text of ['❤\ufe0f', '1\ufe0f\u20e3', '👩\u200d💻', 'می\u200cخواهم', 'e\u0301']) {
      expect(showControls(text)).toBe(text);
    }
  });

  test('every character that Unicode has for turning text around, and what hides, is shown', () => {
    const bidi = [...codes(0, 0x10ffff)].filter((char) => /\p{Bidi_Control}/u.test(char));
    expect(bidi).toHaveLength(12);
    const hiding = [...codes(0xe0000, 0xe007f), '\u200b', '\ufeff', '\u2060', '\u180e', '\u2028', '\u0085', '\u009b'];
    for (const char of [...bidi, ...hiding]) {
      const name = `⟨U+${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}⟩`;
      expect(showControls(`a${char}b`)).toBe(`a${name}b`);
      expect(showLines(`a${char}b`)).toBe(`a${name}b`);
    }
    expect(showControls('👩‍👩‍👧 é नि')).toBe('👩‍👩‍👧 é नि');
  });

  test('lines keep their line feeds and tabs, and nothing else that acts', () => {
    expect(showLines('a\tb\r\n\u001b[2J\u007f\u0000')).toBe('a\tb␍\n␛[2J␡␀');
  });
});
