/** Gives how far `a` lies before `b` on the circle of TCP sequence numbers (RFC 9293, 3.4); negative where it lies behind. */
export function before(a: number, b: number): number {
  return (b - a) | 0;
}

/** Memory, in bytes, that all streams of a capture share. */
export interface Budget {
  used: number;
  readonly max: number;
}
