import { type EncodingName, markedEncoding, partsOfEncoding } from '../bytes/encodings.ts';
import type { Mistake } from './problem.ts';

/** An XML declaration up to the name of the encoding, after a byte order mark: U+FEFF, or the one of UTF-8 read as Latin-1. */
const declaration = /^(?:\ufeff|\xef\xbb\xbf)?<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/d;
/** A declaration is at most this long, in bytes of UTF-16. */
const longestDeclaration = 512;

/** Returns the encoding that an XML declaration at the start of `text` names, and its offset in UTF-16 units; `undefined` without one. */
export function declaredEncoding(text: string): { readonly name: string; readonly at: number } | undefined {
  const found = declaration.exec(text.slice(0, longestDeclaration));
  const [at = 0] = found?.indices?.[1] ?? [];
  return found?.[1] === undefined ? undefined : { name: found[1], at };
}

/** The names of IANA’s registry, and common others, by the encoding without a byte order mark. `UTF-16` has either byte order. */
const names: readonly (readonly [name: EncodingName, pattern: RegExp])[] = [
  ['utf-8', /^utf-?8$/i],
  ['utf-16le', /^utf-?16(?:le)?$/i],
  ['utf-16be', /^utf-?16(?:be)?$/i],
  ['iso-8859-1', /^(?:iso[-_]8859-1(?::1987)?|iso-ir-100|latin1|l1|(?:ibm|cp)819|csisolatin1)$/i],
  ['windows-1252', /^(?:windows-1252|cp1252|x-cp1252)$/i],
  ['gbk', /^(?:gbk|gb_?2312(?:-80)?|cp936|ms936|windows-936|x-gbk)$/i],
  ['shift_jis', /^(?:shift[-_]jis|sjis|x-sjis|ms_kanji|csshiftjis|windows-31j|cswindows31j|cp932|ms932)$/i],
];

/** Returns true if `declared` is a name of the encoding `base`, which has no byte order mark. */
function isNameOf(base: EncodingName, declared: string): boolean {
  return names.some(([name, pattern]) => name === base && pattern.test(declared));
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

/** The first bytes of `<` in UTF-32, its byte order marks, and `<?xm` in EBCDIC. */
const unsupportedStarts = [
  [0x00, 0x00, 0xfe, 0xff],
  [0xff, 0xfe, 0x00, 0x00],
  [0x00, 0x00, 0x00, 0x3c],
  [0x3c, 0x00, 0x00, 0x00],
  [0x4c, 0x6f, 0xa7, 0x94],
];

/**
 * Returns the encoding of an XML document: by its byte order mark, its first characters, or its declaration (XML 1.0, appendix F), without
 * these UTF-8. Returns `undefined` for UTF-32, EBCDIC, and a declared encoding that Wirebench does not have.
 */
export function xmlEncoding(bytes: Uint8Array): EncodingName | undefined {
  if (unsupportedStarts.some((start) => startsWith(bytes, start))) return undefined;
  const marked = markedEncoding(bytes);
  if (marked) return marked;
  if (startsWith(bytes, [0x00, 0x3c, 0x00, 0x3f])) return 'utf-16be';
  if (startsWith(bytes, [0x3c, 0x00, 0x3f, 0x00])) return 'utf-16le';
  const declared = declaredEncoding(String.fromCharCode(...bytes.subarray(0, longestDeclaration)))?.name;
  // The bytes of the declaration are ASCII: the name of UTF-16 is a contradiction.
  if (declared === undefined || /^utf-?16/i.test(declared)) return 'utf-8';
  return names.find(([, pattern]) => pattern.test(declared))?.[0];
}

/**
 * Returns the problem that a reader of an XML document has if it is sent in `encoding`: the declaration names another one, or is missing
 * where it is required (XML 1.0, section 4.3.3). It is a warning if all characters are in ASCII, as the bytes are then the same. A U+FEFF
 * at the start of `text` is its byte order mark.
 */
export function encodingProblem(text: string, encoding: EncodingName): Mistake | undefined {
  const { base, mark } = partsOfEncoding(encoding);
  const isMarked = mark.length > 0 || text.startsWith('\ufeff');
  const declared = declaredEncoding(text);
  const isWide = base === 'utf-16le' || base === 'utf-16be';
  if (declared) {
    const place = { at: declared.at, length: declared.name.length };
    if (!isNameOf(base, declared.name)) {
      const isSame = !isWide && !/^utf-?(?:16|32)/i.test(declared.name) && isAscii(text);
      const message = `The declaration names ${declared.name}, but the document is sent as ${label(base)}`;
      return { ...place, severity: isSame ? 'warning' : 'error', message };
    }
    const needsMark = isWide && !isMarked && /^utf-?16$/i.test(declared.name);
    return needsMark ? { ...place, severity: 'error', message: noMark } : undefined;
  }
  if (isWide) return isMarked ? undefined : { at: 0, length: 1, severity: 'error', message: noMark };
  if (base === 'utf-8' || isAscii(text)) return undefined;
  const message = `The document is sent as ${label(base)}, but has no declaration that names it`;
  return { at: 0, length: 1, severity: 'error', message };
}

const noMark = 'A document in UTF-16 begins with a byte order mark';

function label(name: EncodingName): string {
  return name.toUpperCase();
}

function isAscii(text: string): boolean {
  // A byte order mark is not in ASCII, but no reader takes it for text.
  return /^\ufeff?[\0-\x7f]*$/.test(text);
}
