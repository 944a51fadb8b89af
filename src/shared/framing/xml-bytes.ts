// The bytes of XML markup, in every encoding that contains ASCII.
export const lessThan = 0x3c;
export const greaterThan = 0x3e;
export const slash = 0x2f;
export const bang = 0x21;
export const question = 0x3f;
export const quote = 0x22;
export const apostrophe = 0x27;
export const dash = 0x2d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;

const space = 1;
const nameStart = 2;
const classes = new Uint8Array(256);
// White space, and the bytes of a byte order mark.
for (const byte of [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]) classes[byte] = space;
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:') classes[char.charCodeAt(0)] = nameStart;

// The bytes with a meaning inside a start tag.
export const inTag = new Uint8Array(256);
for (const byte of [lessThan, greaterThan, quote, apostrophe]) inTag[byte] = 1;

/** Returns true for a byte that a name can begin with. */
export function startsName(byte: number): boolean {
  return byte >= 0x80 || classes[byte] === nameStart;
}

/** Returns true for white space between documents. */
export function isSpace(byte: number): boolean {
  return classes[byte] === space;
}
