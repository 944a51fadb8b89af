import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { computeChecksum } from '#shared/bytes/checksums/algorithm.ts';
import { findChecksum } from '#shared/bytes/checksums/catalogue.ts';
import { decodeText, type EncodingName, encodeText, encodings, loadEncoding } from '#shared/bytes/encodings.ts';
import { toHex } from '#shared/bytes/hex.ts';
import { cases } from '#support/cases.ts';

const script = fileURLToPath(new URL('../../support/peers/codecs.py', import.meta.url));

function python(args: readonly string[], input = ''): string {
  return execFileSync('python3', [script, ...args], { input, encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
}

/** Answers of the script to one line of input each. */
function answers<T>(command: string, lines: readonly string[]): T[] {
  const output = python([command], lines.map((line) => `${line}\n`).join(''));
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}

function ourBytes(text: string, name: EncodingName): string | undefined {
  const encoded = encodeText(text, name);
  return encoded.ok ? toHex(encoded.bytes) : undefined;
}

function ourText(hex: string, name: EncodingName): string | undefined {
  const decoded = decodeText(new Uint8Array(Buffer.from(hex, 'hex')), name);
  return decoded.ok ? decoded.text : undefined;
}

/** Values as ranges: `e000–e757`. */
function ranges(codes: readonly number[]): string {
  const found: [number, number][] = [];
  for (const code of [...codes].sort((left, right) => left - right)) {
    const last = found.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else found.push([code, code]);
  }
  return found.map((range) => [...new Set(range)].map((code) => code.toString(16)).join('–')).join(' ');
}

interface Differences {
  /** Characters that only one of both encodes. */
  readonly onlyOurs: string;
  readonly onlyPython: string;
  /** Bytes that only Python decodes. */
  readonly undecoded: string;
  /** Bytes, as Python writes them, of characters that have other bytes here. */
  readonly other: string;
}

/** All characters of the three planes that have any in an encoding of two bytes, and some of each further one. */
const codes = [
  ...Array.from({ length: 0x30000 }, (_, code) => code).filter((code) => code < 0xd800 || code >= 0xe000),
  ...Array.from({ length: 0xe0000 / 0x80 }, (_, at) => 0x30000 + at * 0x80 + (at % 0x80)),
];

function compared(name: EncodingName, codec: string): Differences {
  const { encoded, decoded } = JSON.parse(python(['map', codec], JSON.stringify(codes))) as Record<
    'encoded' | 'decoded',
    Record<string, string>
  >;
  const onlyOurs: number[] = [];
  const onlyPython: number[] = [];
  const other: number[] = [];
  for (const code of codes) {
    const char = String.fromCodePoint(code);
    const ours = ourBytes(char, name);
    const theirs = encoded[char];
    if (ours === theirs) continue;
    if (theirs === undefined) onlyOurs.push(code);
    else if (ours === undefined) onlyPython.push(code);
    else other.push(Number.parseInt(theirs, 16));
  }
  const undecoded: number[] = [];
  for (const [hex, text] of Object.entries(decoded)) {
    const ours = ourText(hex, name);
    if (ours === undefined) undecoded.push(Number.parseInt(hex, 16));
    else expect(ours, hex).toBe(text);
  }
  const [all, ours, theirs] = [undecoded, onlyOurs, onlyPython].map(ranges);
  return { onlyOurs: ours ?? '', onlyPython: theirs ?? '', undecoded: all ?? '', other: ranges(other) };
}

beforeAll(async () => {
  for (const { name } of encodings) await loadEncoding(name);
});

describe('an encoding has the characters of Python’s codec', () => {
  const none: Differences = { onlyOurs: '', onlyPython: '', undecoded: '', other: '' };

  test.each([
    ['iso-8859-1', 'latin_1', none],
    ['windows-1252', 'cp1252', none],
    // Python has no euro sign.
    ['gbk', 'gbk', { ...none, onlyOurs: '20ac' }],
  ] as const)('%s', (name, codec, differences) => expect(compared(name, codec)).toEqual(differences));

  test('shift_jis', () => {
    expect(compared('shift_jis', 'cp932')).toEqual({
      onlyOurs: '',
      // Python writes similar characters in their place, and reads four bytes without a character as private ones.
      onlyPython: 'a2–a3 ac 2016 2212 301c f8f0–f8f3',
      undecoded: 'a0 fd–ff',
      // IBM’s extensions have two places. Windows and browsers write the other one, from FA40.
      other: 'ed40–ed7e ed80–edfc ee40–ee7e ee80–eeec eeef–eef8 eefa–eefc',
    });
  });

  test.each([
    ['utf-8', 'utf_8'],
    ['utf-8-bom', 'utf_8_sig'],
    ['utf-16le', 'utf_16_le'],
    ['utf-16be', 'utf_16_be'],
  ] as const)('%s', (name, codec) => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), cases(500));
    const theirs = answers<string>(
      'encode',
      texts.map((text) => JSON.stringify([codec, text])),
    );
    expect(texts.map((text) => ourBytes(text, name))).toEqual(theirs);
    expect(theirs.map((hex) => ourText(hex, name))).toEqual(texts);
  });
});

describe('a checksum', () => {
  const samples = [new Uint8Array(), ...fc.sample(fc.uint8Array({ maxLength: 300 }), cases(300))];

  test('is that of Python’s zlib, binascii and hashlib', () => {
    const theirs = answers<Record<string, string>>(
      'checksums',
      samples.map((bytes) => toHex(bytes)),
    );
    expect(theirs).toHaveLength(samples.length);
    const ours = samples.map((bytes, index) =>
      Object.fromEntries(Object.keys(theirs[index] ?? {}).map((name) => [name, checksumOf(name, bytes)])),
    );
    expect(ours).toEqual(theirs);
  });

  test.each(['MD5', 'SHA-1', 'SHA-256'])('%s is that of OpenSSL', (name) => {
    for (const bytes of samples.slice(0, 10)) {
      const digest = ['dgst', `-${name.replace('-', '').toLowerCase()}`, '-r'];
      const output = execFileSync('openssl', digest, { input: bytes, encoding: 'utf8' });
      expect(output.split(' ')[0]).toBe(checksumOf(name, bytes));
    }
  });
});

function checksumOf(name: string, bytes: Uint8Array): string {
  const algorithm = findChecksum(name);
  if (!algorithm) throw new Error(`no ${name}`);
  return toHex(computeChecksum(algorithm, bytes));
}
