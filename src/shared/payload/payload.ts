import { parseHex, toHex } from '../bytes/hex.ts';
import { decodeUtf8, encodeUtf8, utf8Length } from '../bytes/text.ts';
import { parseJson, printJson, sortJsonKeys } from './json.ts';
import { byteOrderMark, type LineEnd, withByteOrderMark, withLineEnd } from './line-ends.ts';
import { type Checked, problemAt } from './problem.ts';
import { parseXml, printXml } from './xml.ts';

/** The format of a payload. `json`, `xml` and `text` are sent as UTF-8, `hex` as the bytes that it describes. */
export const payloadFormats = ['json', 'xml', 'text', 'hex'] as const;
export type PayloadFormat = (typeof payloadFormats)[number];

/** A payload with more UTF-16 units is sent unchecked, so that the page stays responsive. */
export const maxCheckedLength = 8 * 1_048_576;

/**
 * Formats `text` for reading, with `lineEnd` between its lines, without changing its meaning: see `printJson` and `printXml`. A byte order
 * mark and a line end after the document are kept. Text is unchanged.
 */
export function formatPayload(format: PayloadFormat, text: string, lineEnd: LineEnd = 'lf'): Checked<string> {
  if (format === 'text') return { ok: true, value: text };
  const hasMark = text.startsWith(byteOrderMark);
  const laidOut = layOut(format, hasMark ? text.slice(1) : text, withLineEnd('\n', lineEnd));
  return laidOut.ok ? { ok: true, value: withByteOrderMark(laidOut.value, hasMark) } : laidOut;
}

function layOut(format: Exclude<PayloadFormat, 'text'>, text: string, lineEnd: string): Checked<string> {
  const last = /[\r\n][ \t\r\n]*$/.test(text) ? lineEnd : '';
  switch (format) {
    case 'json': {
      const parsed = parseJson(text);
      // A JSON string contains no line ends, so all of them are layout.
      return parsed.ok ? { ok: true, value: printJson(text, parsed.value).replaceAll('\n', lineEnd) + last } : parsed;
    }
    case 'xml': {
      const parsed = parseXml(text);
      return parsed.ok ? { ok: true, value: printXml(text, parsed.value, { lineEnd }) + last } : parsed;
    }
    case 'hex': {
      const parsed = payloadBytes('hex', text);
      return parsed.ok ? { ok: true, value: hexLines(parsed.value) } : parsed;
    }
  }
}

/**
 * Removes the layout of `text` without changing its meaning: the white space of JSON outside strings, that of XML as `printXml` changes it,
 * the separators of hex. A byte order mark is kept. Text is unchanged.
 */
export function minifyPayload(format: PayloadFormat, text: string): Checked<string> {
  if (format === 'text') return { ok: true, value: text };
  const hasMark = text.startsWith(byteOrderMark);
  const minified = withoutLayout(format, hasMark ? text.slice(1) : text);
  return minified.ok ? { ok: true, value: withByteOrderMark(minified.value, hasMark) } : minified;
}

function withoutLayout(format: Exclude<PayloadFormat, 'text'>, text: string): Checked<string> {
  switch (format) {
    case 'json': {
      const parsed = parseJson(text);
      return parsed.ok ? { ok: true, value: printJson(text, parsed.value, 0) } : parsed;
    }
    case 'xml': {
      const parsed = parseXml(text);
      return parsed.ok ? { ok: true, value: printXml(text, parsed.value, { indent: 0, lineEnd: '' }) } : parsed;
    }
    case 'hex': {
      const parsed = payloadBytes('hex', text);
      return parsed.ok ? { ok: true, value: toHex(parsed.value) } : parsed;
    }
  }
}

/** Sorts the keys of a JSON document; see `sortJsonKeys`. A byte order mark, line ends and layout are kept. */
export function sortPayloadKeys(text: string): Checked<string> {
  const parsed = parseJson(text);
  return parsed.ok ? { ok: true, value: sortJsonKeys(text, parsed.value) } : parsed;
}

/** Formats `bytes` as hex, sixteen a line. */
export function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) lines.push(toHex(bytes.subarray(at, at + 16), ' '));
  return lines.join('\n');
}

/** Returns the bytes to send for `text`. Only `hex` can fail. */
export function payloadBytes(format: PayloadFormat, text: string): Checked<Uint8Array<ArrayBuffer>> {
  if (format !== 'hex') return { ok: true, value: encodeUtf8(text) };
  const parsed = parseHex(withByteOrderMark(text, false));
  if (parsed.ok) return { ok: true, value: parsed.bytes };
  return { ok: false, problem: problemAt(text, parsed.at, parsed.reason) };
}

/** Returns the number of bytes to send for `text`; `undefined` if it is not hex. */
export function payloadLength(format: PayloadFormat, text: string): number | undefined {
  if (format !== 'hex') return utf8Length(text);
  const read = payloadBytes('hex', text);
  return read.ok ? read.value.length : undefined;
}

/**
 * Guesses the format of a text that is being typed from its start: `{` and `[` begin JSON if the following characters can, `<` begins
 * XML. It need not be valid yet; a dict or list as Python prints it is JSON with mistakes.
 */
export function formatOf(text: string): PayloadFormat {
  if (/^\s*(?:\{\s*(?:["'}]|$)|\[\s*(?:["'{}[\]\d-]|true|false|null|True|False|None|$))/.test(text)) return 'json';
  return /^\s*<[?!A-Za-z_:]/.test(text) ? 'xml' : 'text';
}

/** Returns the most suitable format for `bytes`, and their text in it. */
export function guessPayload(bytes: Uint8Array): { format: PayloadFormat; text: string } {
  const text = decodeUtf8(bytes);
  if (text === undefined || text.includes('\0')) return { format: 'hex', text: hexLines(bytes) };
  const start = text.trimStart()[0];
  const isJson = (start === '{' || start === '[') && parseJson(withByteOrderMark(text, false)).ok;
  if (isJson) return { format: 'json', text };
  if (start === '<' && parseXml(text).ok) return { format: 'xml', text };
  return { format: 'text', text };
}
