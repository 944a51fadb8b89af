// Records come in order, so the second is mostly the same as before: formatting it is the expensive part.
let lastSecond = Number.NaN;
let lastText = '';

/** Returns `at` (milliseconds since the epoch, with a fraction) as ISO 8601 in UTC, to the microsecond. */
export function isoMicros(at: number): string {
  const micros = Math.round(at * 1_000);
  const second = Math.floor(micros / 1_000_000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1_000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  return `${lastText}${String(1_000_000 + micros - second * 1_000_000).slice(1)}Z`;
}
