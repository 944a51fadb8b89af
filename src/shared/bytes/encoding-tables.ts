import { type Codec, textOf } from './unicode-codecs.ts';

/*
 * Encodings whose characters have one or two bytes, from tables. The double-byte tables are the data of iconv-lite: its code needs Node's
 * `Buffer`, which a page does not have, and replaces what it cannot encode. The decoders of Node and of browsers differ for GBK.
 */

/** No character, in a table of bytes. U+FFFF is not a character (Unicode, section 23.7). */
const unassigned = 0xffff;
/** The first byte of two. */
const lead = 0xfffe;

/** A codec from a table of 65536 characters by code: one byte, or two as a big-endian number. Codes for which `isDecodedOnly` are not written. */
function tableCodec(chars: Uint16Array, isDecodedOnly: (code: number) => boolean = () => false): Codec {
  // 0 is U+0000, and for every other character: none.
  const codes = new Uint16Array(65_536);
  for (let code = chars.length - 1; code > 0; code -= 1) {
    const char = chars[code] as number;
    // The lowest code of a character is written last.
    if (char < lead && !isDecodedOnly(code)) codes[char] = code;
  }
  const lengthAt = (bytes: Uint8Array, at: number) => {
    const char = chars[bytes[at] as number] as number;
    if (char !== lead) return char === unassigned ? 0 : 1;
    return at + 2 <= bytes.length && (chars[codeAt(bytes, at, 2)] as number) !== unassigned ? 2 : 0;
  };
  return {
    encode(text, mark) {
      const bytes = new Uint8Array(mark.length + 2 * text.length);
      bytes.set(mark);
      let to = mark.length;
      for (let at = 0; at < text.length; at += 1) {
        const unit = text.charCodeAt(at);
        const code = codes[unit] as number;
        if (code === 0 && unit !== 0) return at;
        if (code > 0xff) {
          bytes[to] = code >>> 8;
          to += 1;
        }
        bytes[to] = code;
        to += 1;
      }
      return bytes.slice(0, to);
    },
    decode(bytes) {
      const units = new Uint16Array(bytes.length);
      let count = 0;
      for (let at = 0; at < bytes.length; ) {
        const length = lengthAt(bytes, at);
        if (length === 0) return undefined;
        units[count] = chars[codeAt(bytes, at, length)] as number;
        count += 1;
        at += length;
      }
      return textOf(units.subarray(0, count));
    },
    lengthAt,
    unitSize: 1,
  };
}

function codeAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  return length === 1 ? first : (first << 8) | (bytes[at + 1] as number);
}

/** Returns the codec of an encoding with one byte a character: `charOf` returns its number, `undefined` for no character. */
export function singleByteCodec(charOf: (byte: number) => number | undefined): Codec {
  const chars = new Uint16Array(65_536).fill(unassigned);
  for (let byte = 0; byte < 256; byte += 1) chars[byte] = charOf(byte) ?? unassigned;
  return tableCodec(chars);
}

/** The characters of the bytes from 80 to 9f; a space stands for none. */
const windows1252Controls = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** Returns the character of a byte in Windows-1252 (Unicode’s CP1252.TXT), `undefined` for the five bytes without one. */
export function windows1252(byte: number): number | undefined {
  if (byte < 0x80 || byte > 0x9f) return byte;
  const char = windows1252Controls.charCodeAt(byte - 0x80);
  return char === 0x20 ? undefined : char;
}

/** The first code in hex, then its characters and those after it: a number is that many characters, each one above the one before. */
type Chunk = readonly [code: string, ...characters: (string | number)[]];

/**
 * Loads the codec of GBK (Microsoft’s code page 936) or Shift_JIS (code page 932, also called Windows-31J). What code page 932 has twice is
 * written as Windows does, in the first of its places without those from `ED40` to `EEFC`.
 */
export async function loadTableCodec(name: 'gbk' | 'shift_jis'): Promise<Codec> {
  const json = { with: { type: 'json' } } as const;
  if (name === 'gbk') {
    const { default: table } = await import('iconv-lite/encodings/tables/cp936.json', json);
    return tableCodec(charsOf(table as unknown as readonly Chunk[]));
  }
  const { default: table } = await import('iconv-lite/encodings/tables/shiftjis.json', json);
  const chars = charsOf(table as unknown as readonly Chunk[]);
  addUserDefined(chars);
  return tableCodec(chars, (code) => code >= 0xed40 && code <= 0xeefc);
}

/** Adds the user-defined characters of code page 932, U+E000 to U+E757. The table of iconv-lite lacks the last of them. */
function addUserDefined(chars: Uint16Array): void {
  let char = 0xe000;
  for (let first = 0xf0; first <= 0xf9; first += 1) {
    chars[first] = lead;
    for (let second = 0x40; second <= 0xfc; second += 1) {
      if (second === 0x7f) continue;
      chars[(first << 8) | second] = char;
      char += 1;
    }
  }
}

function charsOf(table: readonly Chunk[]): Uint16Array {
  const chars = new Uint16Array(65_536).fill(unassigned);
  for (const [first, ...parts] of table) {
    let code = Number.parseInt(first, 16);
    const add = (char: number) => {
      chars[code] = char;
      if (code > 0xff) chars[code >>> 8] = lead;
      code += 1;
    };
    for (const part of parts) {
      if (typeof part === 'string') for (let at = 0; at < part.length; at += 1) add(part.charCodeAt(at));
      else for (let count = 0; count < part; count += 1) add((chars[code - 1] as number) + 1);
    }
  }
  return chars;
}
