import type { Retention } from '#shared/contract/models.ts';
import { strings } from './strings.ts';

export const sizeUnits = ['MB', 'GB'] as const;
type SizeUnit = (typeof sizeUnits)[number];

const unitBytes: Readonly<Record<SizeUnit, number>> = { MB: 1_000_000, GB: 1_000_000_000 };
const maxSessions = 100_000;
const minMegabytes = 10;
const maxGigabytes = 1_000_000;

/** The retention fields of the settings, as typed. */
export interface RetentionForm {
  readonly sessions: string;
  readonly size: string;
  readonly unit: SizeUnit;
}

export interface RetentionErrors {
  readonly sessions?: string;
  readonly size?: string;
}

/** Returns the fields for `retention`, in the unit with the shorter number. */
export function retentionForm({ sessions, bytes }: Retention): RetentionForm {
  const unit: SizeUnit = bytes < unitBytes.GB ? 'MB' : 'GB';
  const size = String(Math.round((bytes / unitBytes[unit]) * 1_000) / 1_000);
  return { sessions: String(sessions), size, unit };
}

/** Returns the limits in the fields, or the error of each invalid field. */
export function readRetention(
  form: RetentionForm,
): { readonly ok: true; readonly retention: Retention } | { readonly ok: false; readonly errors: RetentionErrors } {
  const sessions = /^\d{1,7}$/.test(form.sessions.trim()) ? Number(form.sessions) : 0;
  const text = form.size.trim().replace(',', '.');
  const bytes = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * unitBytes[form.unit]) : 0;
  const errors: RetentionErrors = {
    ...(sessions >= 1 && sessions <= maxSessions
      ? undefined
      : { sessions: strings.retention.sessionsError(maxSessions) }),
    ...(bytes >= minMegabytes * unitBytes.MB && bytes <= maxGigabytes * unitBytes.GB
      ? undefined
      : { size: strings.retention.sizeError(`${minMegabytes} MB`, `${maxGigabytes} GB`) }),
  };
  if (errors.sessions !== undefined || errors.size !== undefined) return { ok: false, errors };
  return { ok: true, retention: { sessions, bytes } };
}
