const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `bytes` as lower-case hex, two digits a byte, with `separator` between bytes. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 1) {
    if (index > 0) text += separator;
    text += digits[bytes[index] as number];
  }
  return text;
}

export type HexResult =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly at: number; readonly reason: string };

const twoDigits = 'a byte needs two hex digits';

/**
 * Reads the bytes that `text` spells in hex. White space, `:`, `-` and `,` separate bytes, `0x` or `\x` may stand before
 * a byte, and the whole may be a C array: `{0x78, 0x0d};`. Case does not matter. On failure `at` is the offset (UTF-16
 * units) of what is wrong.
 */
export function parseHex(text: string): HexResult {
  const array = bracesOf(text);
  if (typeof array === 'number') return { ok: false, at: array, reason: 'a brace has no counterpart' };
  const { from, to } = array;
  const bytes = new Uint8Array((to - from) >> 1);
  let count = 0;
  for (let at = from; at < to; ) {
    if (isSeparator(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const first = at + prefixLength(text, at);
    const high = first < to ? digitOf(text.charCodeAt(first)) : -1;
    if (high < 0 && first > at) return { ok: false, at, reason: twoDigits };
    if (high < 0)
      return { ok: false, at, reason: `“${String.fromCodePoint(text.codePointAt(at) ?? 0)}” is not a hex digit` };
    const second = first + 1;
    if (second >= to || isSeparator(text.charCodeAt(second))) return { ok: false, at: first, reason: twoDigits };
    const low = digitOf(text.charCodeAt(second));
    if (low < 0) {
      return {
        ok: false,
        at: second,
        reason: `“${String.fromCodePoint(text.codePointAt(second) ?? 0)}” is not a hex digit`,
      };
    }
    bytes[count] = high * 16 + low;
    count += 1;
    at = second + 1;
  }
  return { ok: true, bytes: bytes.slice(0, count) };
}

/** Where the bytes of `text` lie: inside the braces of a C array where there are any. A number: the stray brace. */
function bracesOf(text: string): { from: number; to: number } | number {
  const open = text.indexOf('{');
  const close = text.lastIndexOf('}');
  if (open < 0 && close < 0) return { from: 0, to: text.length };
  if (open < 0 || close < open) return close < 0 ? open : close;
  if (close < 0 || text.slice(0, open).trim() !== '') return open;
  if (!/^\s*;?\s*$/.test(text.slice(close + 1))) return close;
  return { from: open + 1, to: close };
}

/** The length of `0x` or `\x` at `at`, 0 where there is none. */
function prefixLength(text: string, at: number): number {
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1) | 0x20;
  return (first === 0x30 || first === 0x5c) && second === 0x78 ? 2 : 0;
}

/** White space, as JavaScript has it, or one of `:`, `-` and `,`. */
function isSeparator(code: number): boolean {
  if (code === 0x20 || code === 0x3a || code === 0x2d || code === 0x2c || (code >= 9 && code <= 13)) return true;
  return code > 127 && /\s/.test(String.fromCharCode(code));
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
