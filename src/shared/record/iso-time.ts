/** `at` (milliseconds since the epoch, with a fraction) as ISO 8601 in UTC to the microsecond. */
export function isoMicros(at: number): string {
  const micros = Math.round(at * 1_000);
  const ms = Math.floor(micros / 1_000);
  const rest = String(micros - ms * 1_000).padStart(3, '0');
  return `${new Date(ms).toISOString().slice(0, -1)}${rest}Z`;
}
