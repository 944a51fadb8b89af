/** What decides whether a recorded session is kept. Times are milliseconds since the epoch. */
export interface RetainedSession {
  readonly startedAt: number;
  readonly changedAt: number;
  readonly fileBytes: number;
  /** Named or annotated by someone: never deleted by itself, and not counted. */
  readonly kept: boolean;
  /** Recorded to, or open: never deleted now. */
  readonly inUse: boolean;
}

/** How much is kept: the newest `sessions` that together have at most `bytes`. */
export interface RetentionLimits {
  readonly sessions: number;
  readonly bytes: number;
}

/** A session that changed within this time is never deleted by itself, whatever the limits say. */
export const youngestDeletedMs = 24 * 3_600_000;

/**
 * The sessions that are beyond `limits` at the time `now`, the oldest first. What was named, annotated, opened or changed
 * within a day is never among them; named and annotated ones do not count either.
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
