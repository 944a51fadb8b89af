import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '#shared/bytes/base64.ts';
import { type EncodingName, encodeText, encodings, loadEncoding } from '#shared/bytes/encodings.ts';
import { formatEscapes, parseEscapes } from '#shared/bytes/escapes.ts';
import { parseHex, toHex } from '#shared/bytes/hex.ts';
import { cases } from '#support/cases.ts';

const names = encodings.map(({ name }) => name);

function hexOf(text: string, name?: EncodingName): string {
  const parsed = parseEscapes(text, name);
  return parsed.ok ? toHex(parsed.bytes) : `${parsed.at}: ${parsed.reason}`;
}

function escapesOf(hex: string, name?: EncodingName): string {
  const formatted = formatEscapes(new Uint8Array(Buffer.from(hex, 'hex')), name);
  return formatted.ok ? formatted.text : `${formatted.at}: ${formatted.reason}`;
}

beforeAll(async () => {
  for (const name of names) await loadEncoding(name);
});

describe('a text with escapes', () => {
  test.each([
    ['a\\n\\r\\t\\0\\\\', '610a0d09005c'],
    ['\\x1b[0m\\xFF', '1b5b306dff'],
    ['\\u00e9é', 'c3a9c3a9'],
    ['\\u{1F600}\\u{e9}', 'f09f9880c3a9'],
    ['\\ud83d\\ude00', 'f09f9880'],
    ['\\0a', '0061'],
    ['line 1\nline 2', '6c696e6520310a6c696e652032'],
    ['', ''],
  ])('%j is the bytes %s', (text, hex) => expect(hexOf(text)).toBe(hex));

  test.each([
    ['ab\\', '2: A backslash at the end: write \\\\ for a backslash'],
    ['ab\\q', '2: Unknown escape: write \\\\ for a backslash'],
    ['\\N', '0: Unknown escape: write \\\\ for a backslash'],
    ['\\X41', '0: Unknown escape: write \\\\ for a backslash'],
    ['a\\x4', '1: \\x needs two hex digits'],
    ['a\\xg0', '1: \\x needs two hex digits'],
    ['\\u12', '0: \\u needs four hex digits, or up to six in braces'],
    ['\\u{}', '0: \\u needs four hex digits, or up to six in braces'],
    ['é\\u{110000}', '1: The highest character is \\u{10FFFF}'],
    ['\\033[0m', '0: Octal escapes are not supported: write \\x00 before a digit'],
    ['a\\x41b\\n\\ud83dc', '8: U+D83D is half of a surrogate pair'],
    ['a\\x41b\\nab\ud83d', '10: U+D83D is half of a surrogate pair'],
  ])('%j is refused with the place of the mistake', (text, problem) => expect(hexOf(text)).toBe(problem));

  test('has its characters in the encoding of the payload, and its bytes as they are', () => {
    expect(hexOf('é\\u00e9\\xe9', 'iso-8859-1')).toBe('e9e9e9');
    expect(hexOf('a\\x00b', 'utf-16le-bom')).toBe('fffe6100006200');
    expect(hexOf('日\\x93\\xfa', 'shift_jis')).toBe('93fa93fa');
    expect(hexOf('a\\n€', 'iso-8859-1')).toBe('3: Latin-1 (ISO 8859-1) has no character U+20AC');
    expect(hexOf('a\\n\\u20ac', 'iso-8859-1')).toBe('3: Latin-1 (ISO 8859-1) has no character U+20AC');
  });
});

describe('bytes', () => {
  test.each([
    ['61c3a90a0d09005c', 'aé\\n\\r\\t\\0\\\\'],
    ['0031', '\\x001'],
    ['1b5b306d', '\\u001b[0m'],
    ['61ffc361', 'a\\xff\\xc3a'],
    ['efbbbf61', '\\ufeffa'],
    ['e280ae', '\\u202e'],
    ['f3a08081', '\\u{e0001}'],
  ])('%s are shown as %s', (hex, text) => expect(escapesOf(hex)).toBe(text));

  test('that have a second code in the encoding keep their own', () => {
    expect(escapesOf('61ed4061', 'shift_jis')).toBe('a\\xed\\x40a');
    expect(escapesOf('00ed4031', 'shift_jis')).toBe('\\0\\xed\\x401');
    expect(escapesOf('ed400031', 'shift_jis')).toBe('\\xed\\x40\\x001');
    expect(escapesOf('6100', 'utf-16le-bom')).toBe('0: The byte order mark is missing');
    expect(escapesOf('00d8610061', 'utf-16le')).toBe('\\x00\\xd8a\\x61');
  });

  test('become escapes and bytes again, in each encoding', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.uint8Array({ maxLength: 60 }), (name, body) => {
        const { mark } = encodings.find((one) => one.name === name) as (typeof encodings)[number];
        const bytes = new Uint8Array([...mark, ...body]);
        const formatted = formatEscapes(bytes, name);
        expect(formatted.ok && parseEscapes(formatted.text, name)).toEqual({ ok: true, bytes });
      }),
      cases(3_000),
    );
  });

  test('of a text become escapes and the text again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeText(text, 'utf-8');
        if (!encoded.ok) throw new Error(encoded.reason);
        const formatted = formatEscapes(encoded.bytes);
        expect(formatted.ok && parseEscapes(formatted.text)).toEqual(encoded);
      }),
      cases(500),
    );
  });

  test('are the same after text, hex and base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const escapes = formatEscapes(bytes);
        const fromEscapes = escapes.ok ? parseEscapes(escapes.text) : escapes;
        if (!fromEscapes.ok) throw new Error(fromEscapes.reason);
        const fromHex = parseHex(toHex(fromEscapes.bytes, ' '));
        if (!fromHex.ok) throw new Error(fromHex.reason);
        expect(fromBase64(toBase64(fromHex.bytes))).toEqual(bytes);
      }),
      cases(500),
    );
  });

  test('without any text take a time that grows with their number', () => {
    const formatted = formatEscapes(new Uint8Array(200_000).fill(0xff));
    expect(formatted.ok && formatted.text.length).toBe(800_000);
  });
});
