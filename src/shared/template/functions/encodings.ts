import { fromBase64, toBase64 } from '../../bytes/base64.ts';
import { parseHex, toHex } from '../../bytes/hex.ts';
import { decodeUtf8, encodeUtf8 } from '../../bytes/text.ts';
import { Refused } from '../limits.ts';
import type { Run } from '../scope.ts';
import { toBytes, toJson } from '../values.ts';
import { filter, shown, textOf } from './function.ts';

/** The filters between texts, bytes and their encodings, and those over a block. */
export const encodingFilters = [
  filter(
    'raw',
    'Writes the value without escapes; must be the last filter',
    ['{{ "<b>" | raw }}', '<b>'],
    (input) => input,
  ),
  filter(
    'to_json',
    'Writes the value as JSON: a text with quotes and escapes',
    ['{{ name | to_json }}', '"Ada"'],
    (input, _, run) => toJson(input, run.budget),
  ),
  filter(
    'hex: separator?',
    'Writes bytes or a text (UTF-8) as hex digits',
    ['{{ "é" | hex }}', 'c3a9'],
    (input, [between], run) => {
      const bytes = bytesOf(input, run);
      const separator = between === undefined ? '' : textOf(between, run);
      run.budget.charge(bytes.length * (2 + separator.length));
      return toHex(bytes, separator);
    },
  ),
  filter('hex_decode', 'Reads hex digits as bytes', ['{{ "48 69" | hex_decode }}', 'Hi'], (input, _, run) => {
    const parsed = parseHex(textOf(input, run));
    if (!parsed.ok) throw new Refused(`${shown(input, run)} is not hex: ${parsed.reason}`);
    return parsed.bytes;
  }),
  filter('base64', 'Writes bytes or a text (UTF-8) as base64', ['{{ name | base64 }}', 'QWRh'], (input, _, run) => {
    const bytes = bytesOf(input, run);
    run.budget.charge(bytes.length * 2);
    return toBase64(bytes);
  }),
  filter('base64_decode', 'Reads base64 as bytes', ['{{ "QWRh" | base64_decode }}', 'Ada'], (input, _, run) => {
    const bytes = fromBase64(textOf(input, run));
    if (!bytes) throw new Refused(`${shown(input, run)} is not base64`);
    return bytes;
  }),
  filter(
    'urlencode',
    'Writes a text for a URL: all but letters, digits and `-_.~` as `%XX`',
    ['{{ "a b&c" | urlencode }}', 'a%20b%26c'],
    (input, _, run) => {
      const text = textOf(input, run);
      run.budget.charge(text.length * 3);
      return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, percent);
    },
  ),
  filter('urldecode', 'Reads `%XX` in a text', ['{{ "a%20b" | urldecode }}', 'a b'], (input, _, run) => {
    const text = textOf(input, run);
    const bytes = encodeUtf8(text);
    let length = 0;
    for (let at = 0; at < bytes.length; at += 1, length += 1) {
      const code = bytes[at] === 0x25 ? Number.parseInt(hexPair(bytes, at + 1), 16) : Number.NaN;
      if (bytes[at] === 0x25 && Number.isNaN(code)) throw new Refused(`${shown(input, run)} is not URL-encoded`);
      bytes[length] = Number.isNaN(code) ? (bytes[at] as number) : code;
      if (!Number.isNaN(code)) at += 2;
    }
    const decoded = bytes.subarray(0, length);
    return decodeUtf8(decoded) ?? decoded;
  }),
  filter(
    'length_bytes',
    'The length in bytes of a text (UTF-8), bytes or a captured block',
    ['{% capture body %}é!{% endcapture %}{{ body | length_bytes }} {{ body }}', '3 é!'],
    (input, _, run) => bytesOf(input, run).length,
  ),
  filter(
    'checksum: name',
    'The checksum of a text, bytes or a captured block as bytes, most significant first; the names are those of docs/checksums.md',
    ['{% capture body %}123456789{% endcapture %}{{ body | checksum: "crc-16/modbus" | hex }}', '4b37'],
    (input, [name], run) => {
      const { checksum } = run.scope.sources;
      if (!checksum) throw new Refused('Checksums are not available here');
      const bytes = bytesOf(input, run);
      run.budget.charge(bytes.length * 4);
      const result = checksum(textOf(name, run), bytes);
      if (!result) throw new Refused(`There is no checksum ${shown(name, run)}`);
      return result;
    },
  ),
];

function bytesOf(input: unknown, run: Run): Uint8Array {
  const bytes = toBytes(input, run.budget);
  run.budget.charge(bytes.length);
  return bytes;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function hexPair(bytes: Uint8Array, at: number): string {
  const pair = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return /^[\da-f]{2}$/i.test(pair) ? pair : '';
}
