import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  decodeText,
  type EncodingName,
  encodeText,
  encodings,
  loadEncoding,
  markedEncoding,
} from '#shared/bytes/encodings.ts';
import { toHex } from '#shared/bytes/hex.ts';
import { cases } from '#support/cases.ts';

const names = encodings.map(({ name }) => name);
const anyName = fc.constantFrom<EncodingName>(...names);
/** Texts that most encodings have, and others. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', '\n', '\0', 'é', 'ÿ', '\ufeff') }),
  fc.string({ unit: fc.constantFrom('é', '€', 'ä', '中', '日', 'ｱ', '\u0080', '\\', '~', '¥', '①', '\u{1F600}') }),
);

function hexOf(text: string, name: EncodingName): string {
  const encoded = encodeText(text, name);
  return encoded.ok ? toHex(encoded.bytes) : `${encoded.at}: ${encoded.reason}`;
}

function textOf(hex: string, name: EncodingName): string {
  const decoded = decodeText(new Uint8Array(Buffer.from(hex, 'hex')), name);
  return decoded.ok ? decoded.text : `${decoded.at}: ${decoded.reason}`;
}

beforeAll(async () => {
  for (const name of names) await loadEncoding(name);
});

describe('an encoding', () => {
  test.each([
    ['utf-8', 'é\u{1F600}', 'c3a9f09f9880'],
    ['utf-8', '\ufeffa', 'efbbbf61'],
    ['utf-8-bom', 'a', 'efbbbf61'],
    ['utf-8-bom', '\ufeffa', 'efbbbfefbbbf61'],
    ['utf-16le', 'a\u{1F600}', '61003dd800de'],
    ['utf-16be', 'a\u{1F600}', '0061d83dde00'],
    ['utf-16le-bom', 'a', 'fffe6100'],
    ['utf-16be-bom', 'a', 'feff0061'],
    ['utf-16be-bom', '', 'feff'],
    ['iso-8859-1', 'aé\u0080ÿ', '61e980ff'],
    ['windows-1252', 'a€é“Ÿ', '6180e9939f'],
    ['gbk', 'a中文€', '61d6d0cec480'],
    ['shift_jis', 'a日本ｱ\\', '6193fa967bb15c'],
  ] as const)('%s of %j is %s, in both directions', (name, text, hex) => {
    expect(hexOf(text, name)).toBe(hex);
    expect(textOf(hex, name)).toBe(text);
  });

  test('round-trips each text that it can encode', () => {
    let encodable = 0;
    fc.assert(
      fc.property(anyName, anyText, (name, text) => {
        const encoded = encodeText(text, name);
        if (!encoded.ok) return;
        encodable += 1;
        expect(decodeText(encoded.bytes, name)).toEqual({ ok: true, text });
      }),
      cases(2_000),
    );
    expect(encodable).toBeGreaterThan(500);
  });

  test('refuses the first character that it does not have, with its offset', () => {
    fc.assert(
      fc.property(anyName, anyText, (name, text) => {
        const encoded = encodeText(text, name);
        if (encoded.ok) return;
        expect(encodeText(text.slice(0, encoded.at), name).ok).toBe(true);
        const char = String.fromCodePoint(text.codePointAt(encoded.at) as number);
        expect(encodeText(char, name).ok).toBe(false);
      }),
      cases(1_000),
    );
    expect(hexOf('aé€', 'iso-8859-1')).toBe('2: Latin-1 (ISO 8859-1) has no character U+20AC');
    expect(hexOf('ab\u0081', 'windows-1252')).toBe('2: Windows-1252 has no character U+0081');
    expect(hexOf('日\u{1F600}', 'gbk')).toBe('1: GBK has no character U+1F600');
    expect(hexOf('ab¥', 'shift_jis')).toBe('2: Shift_JIS has no character U+00A5');
    for (const name of ['utf-8', 'utf-16le', 'utf-16be-bom'] as const) {
      expect(hexOf('a\ud800b', name)).toBe('1: U+D800 is half of a surrogate pair');
    }
  });

  test('refuses bytes that are not a character, with the offset of the first one', () => {
    fc.assert(
      fc.property(anyName, fc.uint8Array({ maxLength: 40 }), (name, bytes) => {
        const decoded = decodeText(bytes, name);
        if (decoded.ok) return;
        const { mark } = encodings.find((one) => one.name === name) as (typeof encodings)[number];
        if (decoded.at < mark.length) return;
        expect(decodeText(bytes.subarray(0, decoded.at), name).ok).toBe(true);
      }),
      cases(2_000),
    );
    expect(textOf('61c3a9c361', 'utf-8')).toBe('3: Not UTF-8: these bytes are not a character');
    expect(textOf('61eda080', 'utf-8')).toBe('1: Not UTF-8: these bytes are not a character');
    expect(textOf('efbbbf61ff', 'utf-8-bom')).toBe(
      '4: Not UTF-8 with byte order mark: these bytes are not a character',
    );
    expect(textOf('61', 'utf-8-bom')).toBe('0: The byte order mark is missing');
    expect(textOf('6100ff', 'utf-16le')).toBe('2: Not UTF-16 LE: these bytes are not a character');
    expect(textOf('6100003d00d8', 'utf-16le')).toBe('4: Not UTF-16 LE: these bytes are not a character');
    expect(textOf('6181', 'windows-1252')).toBe('1: Not Windows-1252: these bytes are not a character');
    expect(textOf('61d6', 'gbk')).toBe('1: Not GBK: these bytes are not a character');
    expect(textOf('61ff61', 'gbk')).toBe('1: Not GBK: these bytes are not a character');
    expect(textOf('6181ff', 'shift_jis')).toBe('1: Not Shift_JIS: these bytes are not a character');
  });

  test('is found by its byte order mark', () => {
    const found = ['efbbbf', 'fffe', 'feff', 'fffe6100', 'efbb', '61', ''].map((hex) =>
      markedEncoding(new Uint8Array(Buffer.from(hex, 'hex'))),
    );
    const marked = ['utf-8-bom', 'utf-16le-bom', 'utf-16be-bom', 'utf-16le-bom'];
    expect(found).toEqual([...marked, undefined, undefined, undefined]);
  });

  test('keeps a long text', () => {
    const text = 'aé'.repeat(100_000);
    for (const name of names.filter((one) => one !== 'shift_jis')) {
      const encoded = encodeText(text, name);
      expect(encoded.ok && decodeText(encoded.bytes, name)).toEqual({ ok: true, text });
    }
  });
});
