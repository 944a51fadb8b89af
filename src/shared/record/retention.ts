/** What decides whether a recorded session is retained. Times are milliseconds since the epoch. */
export interface RetainedSession {
  readonly startedAt: number;
  readonly changedAt: number;
  readonly fileBytes: number;
  /** Named or annotated: never deleted automatically, and not counted. */
  readonly kept: boolean;
  /** Being recorded, or open: not deleted now. */
  readonly inUse: boolean;
}

/** How much is retained: the newest `sessions` that together have at most `bytes`. */
export interface RetentionLimits {
  readonly sessions: number;
  readonly bytes: number;
}

/** A session that changed within this time is never deleted automatically, independent of the limits. */
export const youngestDeletedMs = 24 * 3_600_000;

/**
 * Returns the sessions beyond `limits` at the time `now`, the oldest first. Never includes sessions that are named, annotated
 * or open, or that changed within a day; named and annotated ones do not count.
 */
export function beyondRetention<Session extends RetainedSession>(
  sessions: readonly Session[],
  limits: RetentionLimits,
  now: number,
): Session[] {
  const counted = sessions.filter(({ kept }) => !kept).sort((a, b) => a.startedAt - b.startedAt);
  let count = counted.length;
  let bytes = counted.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  const beyond: Session[] = [];
  for (const session of counted) {
    if (count <= limits.sessions && bytes <= limits.bytes) break;
    if (session.inUse || now - session.changedAt < youngestDeletedMs) continue;
    beyond.push(session);
    count -= 1;
    bytes -= session.fileBytes;
  }
  return beyond;
}
