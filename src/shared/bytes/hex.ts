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

/**
 * The bytes that `text` spells in hex. White space, `:`, `-`, `,` and `0x` between bytes are ignored, case does not
 * matter. On failure `at` is the offset (UTF-16 units) of what is wrong.
 */
export function parseHex(text: string): HexResult {
  const bytes = new Uint8Array(text.length >> 1);
  let count = 0;
  let high = -1;
  let highAt = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (/[\s:,-]/.test(char)) {
      if (high >= 0) return { ok: false, at: highAt, reason: 'a byte needs two hex digits' };
      continue;
    }
    if (char === '0' && high < 0 && (text[at + 1] === 'x' || text[at + 1] === 'X')) {
      at += 1;
      continue;
    }
    const value = Number.parseInt(char, 16);
    if (Number.isNaN(value)) return { ok: false, at, reason: `“${char}” is not a hex digit` };
    if (high < 0) {
      high = value;
      highAt = at;
    } else {
      bytes[count] = high * 16 + value;
      count += 1;
      high = -1;
    }
  }
  if (high >= 0) return { ok: false, at: highAt, reason: 'a byte needs two hex digits' };
  return { ok: true, bytes: bytes.slice(0, count) };
}
