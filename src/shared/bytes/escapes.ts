import {
  type Decoded,
  decodeText,
  type Encoded,
  type EncodingName,
  encodeText,
  partsOfEncoding,
  textParts,
} from './encodings.ts';
import { hiddenInLines } from './hidden.ts';

const short: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '0': 0, '\\': 0x5c };
const shortNames = new Map(Object.entries(short).map(([name, code]) => [String.fromCharCode(code), `\\${name}`]));

/** One escape, at a backslash: `\x1b`, `\u00e9`, `\u{1F600}`, or a backslash with one character. */
const escapePattern = /\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\}|([nrt\\]|0(?!\d)))/iy;

/**
 * Returns the bytes of a text with escapes: `\n`, `\r`, `\t`, `\0` (before anything but a digit), `\\`, `\xHH` for one byte, `\uHHHH` and
 * `\u{H…}` for a character. Characters are encoded in `encoding`; two escapes may form a surrogate pair. Every other backslash is an error,
 * as is a character that the encoding cannot represent: `at` is its offset in UTF-16 units. Throws as `encodeText`.
 */
export function parseEscapes(text: string, encoding: EncodingName = 'utf-8'): Encoded {
  const { base, mark } = partsOfEncoding(encoding);
  // No character and no escape has more than three bytes for each of its UTF-16 units.
  const bytes = new Uint8Array(mark.length + 3 * text.length);
  bytes.set(mark);
  let length = mark.length;
  // The characters since the last `\x`, and the parts of the text that they come from.
  let run = '';
  let places: { at: number; readonly from: number }[] = [];
  const flush = (): Encoded | undefined => {
    if (run === '') return undefined;
    const encoded = encodeText(run, base);
    if (!encoded.ok) {
      const place = places.findLast(({ at }) => at <= encoded.at) ?? { at: 0, from: 0 };
      return { ...encoded, at: place.from + (text[place.from] === '\\' ? 0 : encoded.at - place.at) };
    }
    bytes.set(encoded.bytes, length);
    length += encoded.bytes.length;
    run = '';
    places = [];
    return undefined;
  };
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf('\\', at);
    const end = next < 0 ? text.length : next;
    if (end > at) places.push({ at: run.length, from: at });
    run += text.slice(at, end);
    if (next < 0) break;
    const read = escapeAt(text, next);
    if ('reason' in read) return read;
    at = next + read.length;
    if (read.byte === undefined) {
      places.push({ at: run.length, from: next });
      run += read.char;
      continue;
    }
    const failed = flush();
    if (failed) return failed;
    bytes[length] = read.byte;
    length += 1;
  }
  return flush() ?? { ok: true, bytes: bytes.slice(0, length) };
}

type Escape =
  | { readonly length: number; readonly byte: number }
  | { readonly length: number; readonly char: string; readonly byte?: undefined };

function escapeAt(
  text: string,
  at: number,
): Escape | { readonly ok: false; readonly at: number; readonly reason: string } {
  escapePattern.lastIndex = at;
  const [whole, byte, unit, point, name] = escapePattern.exec(text) ?? [];
  // `\N` is not `\n`, although digits may be in either case.
  const isKnown =
    whole !== undefined && (name === undefined || name in short) && (whole[1] as string) !== 'X' && whole[1] !== 'U';
  if (!isKnown) return { ok: false, at, reason: reasonOf(text, at) };
  if (byte !== undefined) return { length: whole.length, byte: Number.parseInt(byte, 16) };
  const number = Number.parseInt(unit ?? point ?? '', 16);
  if (number > 0x10ffff) return { ok: false, at, reason: 'The highest character is \\u{10FFFF}' };
  if (name !== undefined) return { length: whole.length, char: String.fromCharCode(short[name] as number) };
  return {
    length: whole.length,
    char: unit === undefined ? String.fromCodePoint(number) : String.fromCharCode(number),
  };
}

function reasonOf(text: string, at: number): string {
  switch (text[at + 1]) {
    case undefined:
      return 'A backslash at the end: write \\\\ for a backslash';
    case 'x':
      return '\\x needs two hex digits';
    case 'u':
      return '\\u needs four hex digits, or up to six in braces';
    case '0':
      return 'Octal escapes are not supported: write \\x00 before a digit';
    default:
      return 'Unknown escape: write \\\\ for a backslash';
  }
}

/**
 * Returns `bytes` as a text with escapes, from which `parseEscapes` returns the same bytes: the characters of `encoding`, escapes for
 * control and hidden characters and for backslashes, and `\xHH` for bytes that are not a character or have a second code. Fails if the
 * byte order mark of the encoding is missing. Throws as `decodeText`.
 */
export function formatEscapes(bytes: Uint8Array, encoding: EncodingName = 'utf-8'): Decoded {
  const { base, mark } = partsOfEncoding(encoding);
  const head = decodeText(bytes.subarray(0, mark.length), encoding);
  if (!head.ok) return head;
  const body = bytes.subarray(mark.length);
  let text = '';
  let run = '';
  for (const part of textParts(body, base)) {
    if (part.text !== undefined) {
      // A NUL at the end of one part may precede a digit of the next one.
      run += part.text;
      continue;
    }
    text += escapeHidden(run) + hexEscapes(body.subarray(part.from, part.to));
    run = '';
  }
  text += escapeHidden(run);
  return { ok: true, text };
}

function escapeHidden(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[\0\n\r\t]/g, (char, at: number, all: string) =>
      char === '\0' && /\d/.test(all[at + 1] ?? '') ? '\\x00' : (shortNames.get(char) as string),
    )
    .replace(hiddenInLines(), characterEscape);
}

function characterEscape(char: string): string {
  const code = char.codePointAt(0) as number;
  const digits = code.toString(16).padStart(4, '0');
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits}`;
}

function hexEscapes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
