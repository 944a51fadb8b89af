const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Formats `bytes` as lower-case hex, two digits a byte, with `separator` between bytes. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 1) {
    if (index > 0) text += separator;
    text += digits[bytes[index] as number];
  }
  return text;
}

type HexResult =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly at: number; readonly reason: string };

const twoDigits = 'a byte needs two hex digits';

/**
 * Parses hex. White space, `:`, `-` and `,` separate bytes; `0x` or `\x` may precede a byte. The text may also be a C array or C strings
 * as programs print them: `{0x78, 0xd};`, `"\x78\x0d"`, with their declaration, as `xxd -i` prints it. An array of decimal numbers is
 * read as decimal: `{120, 13}`. Case does not matter. On failure, `at` is the offset (UTF-16 units) of the mistake.
 */
export function parseHex(text: string): HexResult {
  const body = bodyOf(text);
  if ('reason' in body) return { ok: false, ...body };
  return (body.kind === 'array' ? parseArray(text, body) : undefined) ?? parsePairs(text, body);
}

/** The offsets of the bytes in a text. */
interface Body {
  readonly kind: 'plain' | 'array' | 'strings';
  readonly from: number;
  readonly to: number;
}

/** Parses two digits a byte. */
function parsePairs(text: string, { kind, from, to }: Body): HexResult {
  const bytes = new Uint8Array((to - from) >> 1);
  let count = 0;
  for (let at = from; at < to; ) {
    const code = text.charCodeAt(at);
    if (isSeparator(code) || (kind === 'strings' && code === quote)) {
      at += 1;
      continue;
    }
    const first = at + prefixLength(text, at);
    const high = first < to ? hexDigit(text.charCodeAt(first)) : -1;
    if (high < 0) return { ok: false, at, reason: first > at ? twoDigits : notDigit(text, at) };
    const second = first + 1;
    if (second >= to || isSeparator(text.charCodeAt(second))) return { ok: false, at: first, reason: twoDigits };
    const low = hexDigit(text.charCodeAt(second));
    if (low < 0) return { ok: false, at: second, reason: notDigit(text, second) };
    bytes[count] = high * 16 + low;
    count += 1;
    at = second + 1;
  }
  return { ok: true, bytes: bytes.slice(0, count) };
}

function notDigit(text: string, at: number): string {
  return `“${String.fromCodePoint(text.codePointAt(at) ?? 0)}” is not a hex digit`;
}

const element = /[^\s,]+/g;
const hexNumber = /^0x[\da-f]{1,2}$/i;
const decimalNumber = /^(?:0|[1-9]\d{0,2})$/;

/** Parses a C array of numbers, all in hex or all in decimal; returns `undefined` for other text. */
function parseArray(text: string, { from, to }: Body): HexResult | undefined {
  const inside = text.slice(from, to);
  const bytes = new Uint8Array((to - from + 1) >> 1);
  let count = 0;
  let base: 10 | 16 | undefined;
  for (const { 0: word, index } of inside.matchAll(element)) {
    const own = hexNumber.test(word) ? 16 : decimalNumber.test(word) ? 10 : undefined;
    if (own === undefined) return undefined;
    base ??= own;
    if (own !== base) return { ok: false, at: from + index, reason: 'hex and decimal numbers are mixed' };
    const value = Number(word);
    if (value > 255) return { ok: false, at: from + index, reason: 'a byte is at most 255' };
    bytes[count] = value;
    count += 1;
  }
  // Without commas it is not a C array: digits are hex.
  if (base === 10 && count > 1 && !inside.includes(',')) return undefined;
  return { ok: true, bytes: bytes.slice(0, count) };
}

interface Stray {
  readonly at: number;
  readonly reason: string;
}

const quote = 0x22;
/** `unsigned char b[2] =` */
const declaration = /^\s*(?:[A-Za-z_][\w\s*]*(?:\[\w*\])?\s*=\s*)?$/;
/** The end of a declaration, and the second one that `xxd -i` prints. */
const ending = /^\s*(?:;\s*(?:unsigned\s+int\s+\w+\s*=\s*\d+\s*;\s*)?)?$/;
/** A declaration is at most this long, in UTF-16 units. */
const longestDeclaration = 1_000;

/** Returns the offsets of the bytes in `text`: inside the braces or quotes, if any; or an error for an unpaired one. */
function bodyOf(text: string): Body | Stray {
  const isArray = /[{}]/.test(text);
  const [start, end, name] = isArray ? ['{', '}', 'brace'] : ['"', '"', 'quote'];
  const open = text.indexOf(start);
  const close = text.lastIndexOf(end);
  if (open < 0 && close < 0) return { kind: 'plain', from: 0, to: text.length };
  const reason = `a ${name} has no counterpart`;
  if (open < 0 || close <= open) return { at: close < 0 || close === open ? open : open < 0 ? close : open, reason };
  if (!fits(declaration, text.slice(0, open))) return { at: open, reason };
  if (!fits(ending, text.slice(close + 1))) return { at: close, reason };
  if (isArray) return { kind: 'array', from: open + 1, to: close };
  const strings = text.slice(open + 1, close).split('"');
  // Only white space may separate two strings.
  const isPaired = strings.every((part, index) => index % 2 === 0 || part.trim() === '');
  return strings.length % 2 === 1 && isPaired ? { kind: 'strings', from: open + 1, to: close } : { at: close, reason };
}

function fits(pattern: RegExp, text: string): boolean {
  return text.trim() === '' || (text.length <= longestDeclaration && pattern.test(text));
}

/** Returns the length of `0x` or `\x` at `at`, 0 without one. */
function prefixLength(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1) | 0x20;
  return (first === 0x30 || first === 0x5c) && second === 0x78 ? 2 : 0;
}

/** Returns true for white space of JavaScript and for `:`, `-` and `,`. */
function isSeparator(code: number): boolean {
  if (code === 0x20 || code === 0x3a || code === 0x2d || code === 0x2c || (code >= 9 && code <= 13)) return true;
  return code > 127 && /\s/.test(String.fromCharCode(code));
}

/** Returns the value of a hex digit by its code, -1 for another character. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const rowBytes = 16;

/** Formats `bytes` as lines of offset, sixteen bytes in hex, and printable ASCII, with a dot for every other byte. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const row = bytes.subarray(at, at + rowBytes);
    const ascii = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${toHex(row, ' ').padEnd(rowBytes * 3 - 1)}  ${ascii}`);
  }
  return lines.join('\n');
}
