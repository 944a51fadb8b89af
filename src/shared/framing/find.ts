/** A byte that is nearer than this is found sooner by a loop than by a call of `indexOf`. */
export const nearBytes = 24;

/** The offset of `byte` in `chunk` from `from` on, or -1; `near` where it is expected within `nearBytes`. */
export function find(chunk: Uint8Array, byte: number, from: number, near: boolean): number {
  let at = from;
  if (near) {
    const end = Math.min(from + nearBytes, chunk.length);
    for (; at < end; at += 1) if (chunk[at] === byte) return at;
  }
  return chunk.indexOf(byte, at);
}

/** The offset of `byte` in `chunk` from `from` on, or the chunk's length; looks near by first. */
export function findOrEnd(chunk: Uint8Array, byte: number, from: number): number {
  const at = find(chunk, byte, from, true);
  return at < 0 ? chunk.length : at;
}
