/** Returns the end index of the messages in `[done, limit)` that end at or before `room`. */
export function fitting(ends: Uint32Array, done: number, limit: number, room: number): number {
  if ((ends[limit - 1] as number) <= room) return limit;
  let low = done;
  let high = limit - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ends[middle - 1] as number) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}
