import { decodeUtf8, encodeUtf8, sequenceLength } from './text.ts';

/** Encodes and decodes text without a byte order mark. */
export interface Codec {
  /** Returns the bytes of `text` after those of `mark`, or the offset (UTF-16 units) of the first character that has none. */
  encode(text: string, mark: readonly number[]): Uint8Array<ArrayBuffer> | number;
  /** Returns the text; `undefined` if some bytes are not a character. */
  decode(bytes: Uint8Array): string | undefined;
  /** Returns the number of bytes of the character at `at`, 0 if the bytes there are not a character. */
  lengthAt(bytes: Uint8Array, at: number): number;
  /** The bytes of the smallest character. */
  readonly unitSize: 1 | 2;
}

/** Returns the offset of the first half of a surrogate pair without the other half, -1 without one. */
function loneSurrogate(text: string): number {
  return text.isWellFormed() ? -1 : text.search(/\p{Cs}/u);
}

/** UTF-8 (RFC 3629). */
export const utf8Codec: Codec = {
  encode(text, mark) {
    const lone = loneSurrogate(text);
    if (lone >= 0) return lone;
    const encoded = encodeUtf8(text);
    if (mark.length === 0) return encoded;
    const bytes = new Uint8Array(mark.length + encoded.length);
    bytes.set(mark);
    bytes.set(encoded, mark.length);
    return bytes;
  },
  decode: decodeUtf8,
  lengthAt: sequenceLength,
  unitSize: 1,
};

/** Returns the codec of UTF-16 (RFC 2781), little-endian or big-endian. */
export function utf16Codec(isLittle: boolean): Codec {
  const first = isLittle ? 0 : 8;
  const unitAt = (bytes: Uint8Array, at: number) =>
    ((bytes[at] as number) << first) | ((bytes[at + 1] as number) << (8 - first));
  return {
    encode(text, mark) {
      const lone = loneSurrogate(text);
      if (lone >= 0) return lone;
      const bytes = new Uint8Array(mark.length + 2 * text.length);
      bytes.set(mark);
      for (let at = 0, to = mark.length; at < text.length; at += 1, to += 2) {
        const unit = text.charCodeAt(at);
        bytes[to] = unit >>> first;
        bytes[to + 1] = unit >>> (8 - first);
      }
      return bytes;
    },
    decode(bytes) {
      const units = new Uint16Array(bytes.length >> 1);
      for (let at = 0; at < units.length; at += 1) {
        units[at] = unitAt(bytes, 2 * at);
      }
      const text = textOf(units);
      return bytes.length % 2 === 0 && text.isWellFormed() ? text : undefined;
    },
    lengthAt(bytes, at) {
      if (at + 2 > bytes.length) return 0;
      const kind = unitAt(bytes, at) & 0xfc00;
      if (kind === 0xdc00) return 0;
      if (kind !== 0xd800) return 2;
      return at + 4 <= bytes.length && (unitAt(bytes, at + 2) & 0xfc00) === 0xdc00 ? 4 : 0;
    },
    unitSize: 2,
  };
}

const chunk = 8_192;

/** Returns the text of UTF-16 units. */
export function textOf(units: Uint16Array): string {
  let text = '';
  for (let at = 0; at < units.length; at += chunk) text += String.fromCharCode(...units.subarray(at, at + chunk));
  return text;
}
