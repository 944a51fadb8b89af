/** How many of the messages `[done, limit)` end at or before `room`, as the index behind the last of them. */
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
