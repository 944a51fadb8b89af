import type { Reconnect } from '#shared/endpoint/endpoint-config.ts';

/**
 * How long a client waits before attempt `attempt` in a row (from 1), in milliseconds; `undefined` where there is to be
 * none. `random` in [0, 1) draws the jitter: between half of the wait and all of it.
 */
export function reconnectDelay(reconnect: Reconnect, attempt: number, random: number): number | undefined {
  const { kind, delayMs, maxDelayMs, jitter, maxAttempts } = reconnect;
  if (kind === 'off' || (maxAttempts > 0 && attempt > maxAttempts)) return undefined;
  if (kind === 'fixed') return delayMs;
  const full = Math.min(maxDelayMs, delayMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(jitter ? full / 2 + (full / 2) * random : full);
}
