/** Returns `body` between `first` and `last`, with each byte replaced by the pair that `escapeOf` returns for it, if any. */
export function escapeBytes(
  body: Uint8Array,
  first: number,
  last: number,
  escapeOf: (byte: number) => readonly [number, number] | undefined,
): Uint8Array {
  const table = Array.from({ length: 256 }, (_, byte) => escapeOf(byte));
  let more = 0;
  for (let at = 0; at < body.length; at += 1) if (table[body[at] as number]) more += 1;
  const escaped = new Uint8Array(body.length + more + 2);
  escaped[0] = first;
  escaped[escaped.length - 1] = last;
  if (more === 0) {
    escaped.set(body, 1);
    return escaped;
  }
  let count = 1;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] as number;
    const pair = table[byte];
    if (pair) {
      escaped[count] = pair[0];
      escaped[count + 1] = pair[1];
      count += 2;
    } else {
      escaped[count] = byte;
      count += 1;
    }
  }
  return escaped;
}
