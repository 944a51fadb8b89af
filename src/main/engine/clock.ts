/** The largest lag that is ignored: the system's clock is adjusted in small steps all the time. */
const maxLagMs = 1_000;

let origin = performance.timeOrigin;

/**
 * Returns the time in milliseconds since the Unix epoch, with a fraction; never runs backwards while the process lives.
 * Follows the system's clock where that jumps ahead: the monotonic clock does not advance while a computer sleeps.
 */
export function now(): number {
  return epochTime(performance.now());
}

/** Returns the time `since` of `performance.now()`, which must be the current one, as `now` does. */
export function epochTime(since: number): number {
  const at = origin + since;
  const lag = Date.now() - at;
  if (lag < maxLagMs) return at;
  origin += lag;
  return at + lag;
}
