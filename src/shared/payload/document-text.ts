import { decodeUtf8Lossy, encodeUtf8 } from '../bytes/text.ts';
import { type Checked, problemAt } from './problem.ts';
import { declaredEncoding } from './xml-encoding.ts';

/**
 * Decodes a JSON or XML document: UTF-8, UTF-16 by its byte order mark, and for XML the encoding that its declaration names. A byte order
 * mark is kept in the text for `listProblems`. The problem is invalid bytes, an unknown encoding, or a declaration that the byte order
 * mark contradicts.
 */
export function readDocument(format: 'json' | 'xml', bytes: Uint8Array): Checked<string> {
  const mark = markedEncoding(bytes);
  const named = format === 'xml' ? namedEncoding(bytes, mark) : undefined;
  if (named !== undefined && /^utf-?16/i.test(named) !== (mark !== undefined)) {
    const actual = mark === undefined ? 'not in UTF-16' : 'in UTF-16';
    return refuse('', 0, `The declaration names the encoding ${named}, but the document is ${actual}`);
  }
  const encoding = mark ?? named ?? 'utf-8';
  const options = { ignoreBOM: true };
  const isAscii = ascii.test(encoding);
  if (isAscii || latin1.test(encoding)) {
    const text = decodeLatin1(bytes);
    const at = isAscii ? text.search(/[\x80-\xff]/) : -1;
    return at < 0 ? { ok: true, value: text } : refuse(text, at, invalid(encoding));
  }
  try {
    return { ok: true, value: new TextDecoder(encoding, { ...options, fatal: true }).decode(bytes) };
  } catch (error) {
    // RangeError: the encoding is unknown. TypeError: the bytes are invalid in it.
    if (error instanceof RangeError) return refuse('', 0, `The encoding ${encoding} is unknown`);
    const shown = new TextDecoder(encoding, options).decode(bytes);
    const at = /^utf-?8$/i.test(encoding) ? firstInvalid(bytes) : shown.indexOf('\ufffd');
    return refuse(shown, Math.max(at, 0), invalid(encoding));
  }
}

/** Browsers decode both as Windows-1252, which has other characters (WHATWG Encoding, names and labels). */
const ascii =
  /^(?:us-?ascii|ascii|ansi_x3\.4-19(?:68|86)|iso_?646(?:-us|\.irv:1991)|iso-ir-6|us|(?:ibm|cp)367|csascii)$/i;
const latin1 = /^(?:iso[-_]8859-1(?::1987)?|iso-ir-100|latin1|l1|(?:ibm|cp)819|csisolatin1)$/i;

/** Decodes each byte as the character with its number. */
function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return text;
}

function invalid(encoding: string): string {
  return `Invalid ${encoding.toUpperCase()}: these bytes are not a character`;
}

function refuse(
  text: string,
  at: number,
  reason: string,
): { readonly ok: false; readonly problem: ReturnType<typeof problemAt> } {
  return { ok: false, problem: problemAt(text, at, reason) };
}

function markedEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** Returns the encoding that the XML declaration names. The declaration is at the start, in ASCII characters. */
function namedEncoding(bytes: Uint8Array, mark: string | undefined): string | undefined {
  const head = new TextDecoder(mark ?? 'latin1').decode(bytes.subarray(0, 512));
  return declaredEncoding(head)?.name;
}

/** Returns the UTF-16 offset of the first bytes that are not UTF-8, where decoding changed the text. */
function firstInvalid(bytes: Uint8Array): number {
  const spelled = encodeUtf8(decodeUtf8Lossy(bytes));
  let valid = 0;
  while (valid < bytes.length && bytes[valid] === spelled[valid]) valid += 1;
  return decodeUtf8Lossy(bytes.subarray(0, valid)).length;
}
