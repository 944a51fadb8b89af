import { maxJobMs, maxRepeatCount } from '#shared/contract/limits.ts';

/** The settings of a repeated send as the user types them. */
export interface RepeatForm {
  readonly count: string;
  /** Sends until it is stopped, not `count` times. */
  readonly isEndless: boolean;
  readonly intervalMs: string;
  readonly jitterMs: string;
}

export const usualRepeat: RepeatForm = { count: '100', isEndless: false, intervalMs: '1000', jitterMs: '0' };

/** The fields that contain a number. */
export type RepeatField = Exclude<keyof RepeatForm, 'isEndless'>;

interface RepeatTiming {
  readonly count?: number;
  readonly intervalMs: number;
  readonly jitterMs: number;
}

type RepeatResult =
  | { readonly ok: true; readonly timing: RepeatTiming }
  | { readonly ok: false; readonly errors: Readonly<Partial<Record<RepeatField, string>>> };

const limits = {
  count: { min: 1, max: maxRepeatCount },
  intervalMs: { min: 0, max: maxJobMs },
  jitterMs: { min: 0, max: maxJobMs },
} as const;

/** Parses the form. Returns the timing, without a count for “until stopped”, or an error by field. Empty times are 0. */
export function readRepeat(form: RepeatForm): RepeatResult {
  const errors: Partial<Record<RepeatField, string>> = {};
  const number = (field: RepeatField) => {
    const text = form[field].trim();
    const value = Number(text);
    const { min, max } = limits[field];
    if (!/^\d*$/.test(text)) errors[field] = 'A whole number is required';
    else if (value < min) errors[field] = `Minimum: ${min}`;
    else if (value > max) errors[field] = `Maximum: ${max}`;
    return value;
  };
  const timing = {
    ...(form.isEndless ? {} : { count: number('count') }),
    intervalMs: number('intervalMs'),
    jitterMs: number('jitterMs'),
  };
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, timing };
}
