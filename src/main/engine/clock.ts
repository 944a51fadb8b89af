/** The system's clock may be ahead by this much before it is followed: it is set in small steps all the time. */
const maxLagMs = 1_000;

let origin = performance.timeOrigin;

/**
 * The time now in milliseconds since the Unix epoch, with a fraction; never runs backwards while the process lives.
 * Follows the system's clock where that leaps ahead: the monotonic one stands still while a computer sleeps.
 */
export function now(): number {
  const at = origin + performance.now();
  const lag = Date.now() - at;
  if (lag < maxLagMs) return at;
  origin += lag;
  return at + lag;
}
