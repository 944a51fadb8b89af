/** The time now in milliseconds since the Unix epoch, with a fraction; never runs backwards while the process lives. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
