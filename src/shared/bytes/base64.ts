const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Encodes `bytes` as base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const b = left > 1 ? (bytes[index + 1] as number) : 0;
    const c = left > 2 ? (bytes[index + 2] as number) : 0;
    const bits = ((bytes[index] as number) << 16) | (b << 8) | c;
    text += alphabet.charAt(bits >>> 18) + alphabet.charAt((bits >>> 12) & 63);
    text += left > 1 ? alphabet.charAt((bits >>> 6) & 63) : '=';
    text += left > 2 ? alphabet.charAt(bits & 63) : '=';
  }
  return text;
}

const values = new Uint8Array(128).fill(255);
for (let value = 0; value < alphabet.length; value += 1) values[alphabet.charCodeAt(value)] = value;

/** Decodes base64 with padding; returns `undefined` for other text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let length = 0;
  for (let at = 0, to = 0; at < digits; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? (values[code] as number) : 255;
    if (value === 255) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    length += 6;
    if (length < 8) continue;
    length -= 8;
    bytes[to] = bits >>> length;
    to += 1;
  }
  return bytes;
}
