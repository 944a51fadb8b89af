/** Where the last whole character of `bytes` ends, if they are UTF-8: what lies behind may be the start of another. */
export function endOfCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  // The first byte of a character says how long it is (RFC 3629): at most three can be there of one that is not whole.
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? length - back : length;
  }
  return length;
}
