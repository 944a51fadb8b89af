/** A loop finds a byte within this distance faster than a call of `indexOf`. */
export const nearBytes = 24;

/** Returns the offset of `byte` in `chunk` from `from` on, or -1. `near`: it is expected within `nearBytes`. */
export function find(chunk: Uint8Array, byte: number, from: number, near: boolean): number {
  let at = from;
  if (near) {
    const end = Math.min(from + nearBytes, chunk.length);
    for (; at < end; at += 1) if (chunk[at] === byte) return at;
  }
  return chunk.indexOf(byte, at);
}

/** Returns the offset of `byte` in `chunk` from `from` on, or the chunk's length. Expects it near. */
export function findOrEnd(chunk: Uint8Array, byte: number, from: number): number {
  const at = find(chunk, byte, from, true);
  return at < 0 ? chunk.length : at;
}
