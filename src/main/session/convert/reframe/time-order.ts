/** How many values are merged between two places to pause. */
const stepValues = 65_536;

/**
 * Returns the positions of `keys` in ascending order, stable for equal keys: merges the ascending runs, of
 * which there are few if only some values are late. Each `yield` is a place to pause or stop, with the number of moved values.
 */
export function* orderOf(keys: Float64Array): Generator<number, Uint32Array> {
  const { length } = keys;
  let order: Uint32Array = Uint32Array.from({ length }, (_, at) => at);
  let into: Uint32Array = new Uint32Array(length);
  let starts: Uint32Array = runsOf(keys);
  while (starts.length > 1) {
    const merged = new Uint32Array(Math.ceil(starts.length / 2));
    let moved = 0;
    for (let run = 0; run < starts.length; run += 2) {
      merged[run / 2] = starts[run] as number;
      const middle = starts[run + 1] ?? length;
      const end = starts[run + 2] ?? length;
      let left = starts[run] as number;
      let right = middle;
      for (let at = left; at < end; at += 1) {
        const takesLeft =
          left < middle &&
          (right >= end || (keys[order[left] as number] as number) <= (keys[order[right] as number] as number));
        into[at] = order[takesLeft ? left++ : right++] as number;
        moved += 1;
        if (moved % stepValues === 0) yield moved;
      }
    }
    [order, into] = [into, order];
    starts = merged;
  }
  return order;
}

/** Returns where each ascending run begins. */
function runsOf(keys: Float64Array): Uint32Array {
  let count = Math.min(1, keys.length);
  for (let at = 1; at < keys.length; at += 1) if ((keys[at] as number) < (keys[at - 1] as number)) count += 1;
  const starts = new Uint32Array(count);
  let run = 1;
  for (let at = 1; at < keys.length; at += 1) {
    if ((keys[at] as number) < (keys[at - 1] as number)) starts[run++] = at;
  }
  return starts;
}
