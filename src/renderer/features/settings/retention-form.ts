import type { Retention } from '#shared/contract/models.ts';

export const sizeUnits = ['MB', 'GB'] as const;
type SizeUnit = (typeof sizeUnits)[number];

const unitBytes: Readonly<Record<SizeUnit, number>> = { MB: 1_000_000, GB: 1_000_000_000 };
const maxSessions = 100_000;
const minMegabytes = 10;
const maxGigabytes = 1_000_000;

/** What stands in the fields of the settings. */
export interface RetentionForm {
  readonly sessions: string;
  readonly size: string;
  readonly unit: SizeUnit;
}

export interface RetentionErrors {
  readonly sessions?: string;
  readonly size?: string;
}

/** The fields for `retention`, in the unit that makes the shorter number. */
export function retentionForm({ sessions, bytes }: Retention): RetentionForm {
  const unit: SizeUnit = bytes < unitBytes.GB ? 'MB' : 'GB';
  const size = String(Math.round((bytes / unitBytes[unit]) * 1_000) / 1_000);
  return { sessions: String(sessions), size, unit };
}

/** What the fields say, or what is wrong with each. */
export function readRetention(
  form: RetentionForm,
): { readonly ok: true; readonly retention: Retention } | { readonly ok: false; readonly errors: RetentionErrors } {
  const sessions = /^\d{1,7}$/.test(form.sessions.trim()) ? Number(form.sessions) : 0;
  const text = form.size.trim().replace(',', '.');
  const bytes = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * unitBytes[form.unit]) : 0;
  const errors: RetentionErrors = {
    ...(sessions >= 1 && sessions <= maxSessions ? undefined : { sessions: `a number from 1 to ${maxSessions}` }),
    ...(bytes >= minMegabytes * unitBytes.MB && bytes <= maxGigabytes * unitBytes.GB
      ? undefined
      : { size: `a size from ${minMegabytes} MB to ${maxGigabytes} GB` }),
  };
  if (errors.sessions !== undefined || errors.size !== undefined) return { ok: false, errors };
  return { ok: true, retention: { sessions, bytes } };
}
