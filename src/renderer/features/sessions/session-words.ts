import type { StoredSession } from '#shared/contract/models.ts';
import { recordingDelayMs } from '#shared/record/recording-delay.ts';
import { bytesText, countOf } from '../../ui/figures.ts';

const dayMs = 86_400_000;

/** A moment as a person says it: `today 14:05`, `yesterday 14:05`, `2026-03-01 14:05`. Local time. */
export function whenText(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (at >= midnight && at < midnight + dayMs) return `today ${time}`;
  // Not a day of 24 hours before: clocks change.
  if (at >= new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0) && at < midnight) return `yesterday ${time}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** The word of a stored session's state; empty for one that ended in order. */
export function storedWord({ state }: StoredSession): string {
  switch (state) {
    case 'ended':
      return '';
    case 'crashed':
      return 'recovered';
    case 'busy':
      return 'in use';
    case 'recording':
      return 'recording';
  }
}

/** What became of a session that did not end in order, or who has it; empty where there is nothing to say. */
export function storedNote({ state, cutBytes = 0 }: StoredSession): string {
  if (state === 'busy') return 'Another Wirebench records to it.';
  if (state !== 'crashed') return '';
  const cut =
    cutBytes === 0
      ? 'every block in it is whole'
      : `the last ${bytesText(cutBytes)} were not written to their end and are cut`;
  return `It did not end in order: ${cut}. At most its last ${recordingDelayMs} ms are missing.`;
}

/** How much a stored session holds, where that is known. */
export function recordsText({ records }: StoredSession): string {
  return records === undefined ? '' : countOf(records, 'record');
}

/** `3 sessions, 1.2 MB`. */
export function usedText(sessions: readonly StoredSession[]): string {
  const bytes = sessions.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  return `${countOf(sessions.length, 'session')}, ${bytesText(bytes)}`;
}
