/** How an interface counts time. */
export interface Clock {
  readonly ticksPerSecond: number;
  /** Added to every time, in seconds. */
  readonly offsetSeconds: number;
}

/** Microseconds: what holds where the file does not say. */
export const defaultResolution = 6;
/** A time that a session can hold. */
const latest = 8e15;

/** The clock of `if_tsresol`: with the highest bit a negative power of 2, else of 10. */
export function clockOf(resolution: number, offsetSeconds: number): Clock {
  const ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
  return { ticksPerSecond, offsetSeconds };
}

/** Milliseconds since the epoch of a time in two halves. To less than a microsecond; never outside what a date holds. */
export function millisecondsOf({ ticksPerSecond, offsetSeconds }: Clock, high: number, low: number): number {
  const at = offsetSeconds * 1_000 + elapsed(ticksPerSecond, high, low);
  return Math.min(Math.max(at, 0), latest);
}

function elapsed(ticksPerSecond: number, high: number, low: number): number {
  const ticks = high * 0x1_0000_0000 + low;
  // Beyond what a double counts exactly, whole seconds are taken out first.
  if (Number.isSafeInteger(ticks) || ticksPerSecond > Number.MAX_SAFE_INTEGER) return (ticks / ticksPerSecond) * 1_000;
  const exact = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(ticksPerSecond);
  return Number(exact / perSecond) * 1_000 + (Number(exact % perSecond) / ticksPerSecond) * 1_000;
}
