const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** `bytes` in base64 with padding (RFC 4648, section 4). */
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
