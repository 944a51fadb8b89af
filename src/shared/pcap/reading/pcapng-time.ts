/** The clock of an interface. */
export interface Clock {
  readonly ticksPerSecond: number;
  /** Added to every time, in seconds. */
  readonly offsetSeconds: number;
}

/** Microseconds, the default. */
export const defaultResolution = 6;
/** The latest time that a session can record. */
const latest = 8e15;

/** Returns the clock of `if_tsresol`: with the highest bit a negative power of 2, else of 10. */
export function clockOf(resolution: number, offsetSeconds: number): Clock {
  const ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
  return { ticksPerSecond, offsetSeconds };
}

/** Converts a time in two halves to milliseconds since the epoch, to less than a microsecond and within the range of dates. */
export function millisecondsOf({ ticksPerSecond, offsetSeconds }: Clock, high: number, low: number): number {
  const at = offsetSeconds * 1_000 + elapsed(ticksPerSecond, high, low);
  return Math.min(Math.max(at, 0), latest);
}

function elapsed(ticksPerSecond: number, high: number, low: number): number {
  const ticks = high * 0x1_0000_0000 + low;
  // Above the integers that a double represents exactly, whole seconds are split off first.
  if (Number.isSafeInteger(ticks) || ticksPerSecond > Number.MAX_SAFE_INTEGER) return (ticks / ticksPerSecond) * 1_000;
  const exact = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(ticksPerSecond);
  return Number(exact / perSecond) * 1_000 + (Number(exact % perSecond) / ticksPerSecond) * 1_000;
}
