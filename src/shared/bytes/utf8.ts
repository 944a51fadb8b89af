/**
 * Returns the offset after the last whole character of `bytes`, if they are UTF-8. The remaining bytes, at most three, may be the start
 * of another character.
 */
export function endOfCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  // The first byte of a character gives its length (RFC 3629), so an incomplete one has at most three bytes.
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    return characterSize(byte) > back ? length - back : length;
  }
  return length;
}

/** Returns the length of a character that begins with `byte`; 1 also for a byte that cannot begin one (RFC 3629). */
export function characterSize(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

/** Returns the length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 without one. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let index = 2; index < length; index += 1) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
