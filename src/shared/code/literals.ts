import { decodeUtf8, encodeUtf8 } from '../bytes/text.ts';

/** How a language spells a string. */
export interface StringStyle {
  readonly quote: string;
  /** How certain characters are spelled, such as a line feed. */
  readonly escapes: Readonly<Record<string, string>>;
  /** Spells any other character that must not appear as it is. */
  spell(codePoint: number): string;
  /** Only ASCII appears as it is. */
  readonly ascii?: true;
}

/** Characters that are not drawn, that change the direction of text, or that end a line somewhere. */
const hidden = /[\p{C}\p{M}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]|(?! )\p{Zs}/u;

/**
 * Returns a string literal whose value is `text`. No character of `text` can end the literal or its line. A lone surrogate
 * becomes U+FFFD.
 */
export function stringLiteral(text: string, { quote, escapes, spell, ascii }: StringStyle): string {
  let literal = quote;
  for (const character of text.toWellFormed()) {
    const codePoint = character.codePointAt(0) as number;
    const isPlain = codePoint >= 0x20 && codePoint < 0x7f;
    const known = Object.hasOwn(escapes, character) ? escapes[character] : undefined;
    if (known !== undefined) literal += known;
    else if (isPlain || (codePoint > 0x7f && !ascii && !hidden.test(character))) literal += character;
    else literal += spell(codePoint);
  }
  return literal + quote;
}

/** Returns the text of `bytes` if a reader can read it: UTF-8 with few control characters; `undefined` for other bytes. */
export function readableText(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  let controls = 0;
  for (const byte of bytes) if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) controls += 1;
  return controls * 4 <= bytes.length ? text : undefined;
}

/** Returns a string literal of bytes, of which each that is not printable ASCII is escaped by `spell`. */
export function byteString(bytes: Uint8Array, style: StringStyle): string {
  return stringLiteral(String.fromCharCode(...bytes), { ...style, ascii: true });
}

/** Returns true if `bytes` are ASCII. */
export function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** Returns the bytes of a text as three octal digits each, after a backslash. */
export function octalBytes(codePoint: number): string {
  const bytes = encodeUtf8(String.fromCodePoint(codePoint));
  return [...bytes].map(octal).join('');
}

/** Returns a byte as three octal digits after a backslash. */
export function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}

/** Returns a number in hex with at least `digits` digits. */
export function hexDigits(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** The escapes that most languages have in common, for strings in double quotes. */
export const commonEscapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
};
