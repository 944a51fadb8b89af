import { durationOf, timeOf } from '#shared/filter/literals.ts';

type Moment = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly error: string };

const clock = /^(\d{1,2}):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?$/;
const sinceStart = /^(\d{1,5}):([0-5]?\d(?:\.\d{1,6})?)$/;

/**
 * The moment that `text` names, in milliseconds since the Unix epoch: seconds since the start (`12.5`, `300ms`), minutes
 * and seconds since the start (`00:12.5`), a time of the day of the start (`14:05:09`; an earlier one is of the day
 * after), or a date with a time (ISO 8601, without a zone that of this computer).
 */
export function parseMoment(text: string, startAt: number): Moment {
  const trimmed = text.trim();
  const short = sinceStart.exec(trimmed);
  if (short) return { ok: true, at: startAt + Number(short[1]) * 60_000 + Number(short[2]) * 1_000 };
  const day = clock.exec(trimmed);
  if (day && Number(day[1]) < 24) {
    const [, hours, minutes, seconds, fraction = '0'] = day;
    const date = new Date(startAt);
    date.setHours(Number(hours), Number(minutes), Number(seconds), 0);
    const isEarlier = date.getTime() + 999 < startAt;
    if (isEarlier) date.setDate(date.getDate() + 1);
    return { ok: true, at: date.getTime() + Number(`0.${fraction}`) * 1_000 };
  }
  const duration = trimmed === '' ? undefined : durationOf(trimmed);
  if (duration !== undefined && duration >= 0) return { ok: true, at: startAt + duration };
  const absolute = timeOf(trimmed);
  if (absolute !== undefined) return { ok: true, at: absolute };
  return { ok: false, error: 'Write seconds since the start (12.5), 00:12.5, 14:05:09, or a date with a time.' };
}

/** The number of a record as a person writes it, `10 431`; or why it is none of a session of `total` records. */
export function parseRecordNumber(
  text: string,
  total: number,
): { ok: true; seq: number } | { ok: false; error: string } {
  const plain = text
    .trim()
    .replace(/^#/, '')
    .replace(/[\s\u202f,._]/g, '');
  if (!/^\d{1,15}$/.test(plain)) return { ok: false, error: 'Write the number of a record.' };
  const seq = Number(plain);
  if (total === 0) return { ok: false, error: 'There are no records yet.' };
  if (seq >= total) return { ok: false, error: `The last record is ${total - 1}.` };
  return { ok: true, seq };
}
