import type { StoredSession } from '#shared/contract/models.ts';
import { strings } from './strings.ts';

const dayMs = 86_400_000;

/** Returns a time as `today 14:05`, `yesterday 14:05` or `2026-03-01 14:05`. Local time. */
export function whenText(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (at >= midnight && at < midnight + dayMs) return strings.today(time);
  // Yesterday may have 23 or 25 hours.
  if (at >= new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0) && at < midnight) return strings.yesterday(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** Returns the word for a stored session's state; empty for a session that ended normally. */
export function storedWord({ state }: StoredSession): string {
  switch (state) {
    case 'ended':
      return '';
    case 'crashed':
      return strings.state.crashed;
    case 'busy':
      return strings.state.busy;
    case 'recording':
      return strings.state.recording;
  }
}

/** Returns a note on a session that was left by a crash or is in use; empty for others. */
export function storedNote({ state, cutBytes = 0 }: StoredSession): string {
  if (state === 'busy') return strings.state.busyNote;
  return state === 'crashed' ? strings.state.crashedNote(cutBytes) : '';
}

/** Returns the number of records of a stored session; empty if it is not known. */
export function recordsText({ records }: StoredSession): string {
  return records === undefined ? '' : strings.records(records);
}

/** Returns the number and the size of sessions: `3 sessions, 1.2 MB`. */
export function usedText(sessions: readonly StoredSession[]): string {
  const bytes = sessions.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  return strings.used(sessions.length, bytes);
}
