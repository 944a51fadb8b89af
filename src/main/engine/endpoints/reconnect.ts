import type { Reconnect } from '#shared/endpoint/endpoint-config.ts';

/** The next attempt of a client that reconnects. */
interface NextAttempt {
  /** Its number among the attempts since the peer was last reached, from 1. */
  readonly attempt: number;
  /** The delay until it begins. Milliseconds. */
  readonly delayMs: number;
  /** The time at which it begins, in milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Returns the delay before consecutive attempt `attempt` (from 1) in milliseconds; `undefined` where there is no such
 * attempt. `random` in [0, 1) determines the jitter: between half of the delay and all of it.
 */
export function reconnectDelay(reconnect: Reconnect, attempt: number, random: number): number | undefined {
  const { kind, delayMs, maxDelayMs, jitter, maxAttempts } = reconnect;
  if (kind === 'off' || (maxAttempts > 0 && attempt > maxAttempts)) return undefined;
  if (kind === 'fixed') return delayMs;
  const full = Math.min(maxDelayMs, delayMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(jitter ? full / 2 + (full / 2) * random : full);
}

/**
 * Returns the attempt after `failed` consecutive ones; `undefined` if no attempts are left. `now` is the time in milliseconds since
 * the epoch; `random` as for `reconnectDelay`.
 */
export function nextAttempt(
  reconnect: Reconnect,
  failed: number,
  { now, random }: { readonly now: number; readonly random: number },
): NextAttempt | undefined {
  const attempt = failed + 1;
  const delayMs = reconnectDelay(reconnect, attempt, random);
  return delayMs === undefined ? undefined : { attempt, delayMs, at: now + delayMs };
}

/**
 * Returns the number of consecutive failed attempts after a connection has ended, of the `failed` ones before it. A peer that
 * accepts and closes immediately does not count as reached: the delays continue to grow.
 */
export function failedAfter(
  { maxDelayMs }: Reconnect,
  failed: number,
  connection: { readonly bytesIn: number; readonly lastedMs: number },
): number {
  return connection.bytesIn > 0 || connection.lastedMs > maxDelayMs ? 0 : failed;
}

/** Resolves after `delayMs`, or as soon as `signal` is aborted. Removes its timer and its listener. */
export function untilDue(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const due = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', due);
      resolve();
    };
    const timer = setTimeout(due, delayMs);
    signal.addEventListener('abort', due);
    if (signal.aborted) due();
  });
}
