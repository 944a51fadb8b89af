/** Returns the distance from `a` to `b` in TCP sequence numbers (RFC 9293, 3.4); negative if `b` is before `a`. */
export function before(a: number, b: number): number {
  return (b - a) | 0;
}

/** Memory, in bytes, that all streams of a capture share. */
export interface Budget {
  used: number;
  readonly max: number;
}
