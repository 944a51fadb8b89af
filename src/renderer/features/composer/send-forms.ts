import { maxJobMs, maxRepeatCount } from '#shared/contract/limits.ts';
import { type Pace, paceSchema } from '#shared/contract/models.ts';
import { maxFilterLength } from '#shared/filter/ast.ts';
import type { PaceForm, RepeatForm } from '../../state/drafts.ts';

type PaceErrors = Readonly<Partial<Record<keyof PaceForm, string>>>;
type PaceResult =
  | { readonly ok: true; readonly pace: Pace | undefined }
  | { readonly ok: false; readonly errors: PaceErrors };

/** Parses the form. Returns the pace (`undefined` for an empty form), or an error by field. */
export function readPace(form: PaceForm): PaceResult {
  const errors: Partial<Record<keyof PaceForm, string>> = {};
  const number = (field: Exclude<keyof PaceForm, 'splits'>) => {
    const text = form[field].trim();
    if (text === '') return 0;
    if (!/^\d{1,12}$/.test(text)) errors[field] = 'A whole number is required';
    return Number(text);
  };
  const splits = form.splits.split(/[\s,]+/).filter(Boolean);
  if (splits.some((text) => !/^\d{1,12}$/.test(text))) errors.splits = 'Byte offsets, separated by commas';
  const parsed = paceSchema.safeParse({
    bytesPerSecond: number('bytesPerSecond'),
    chunkBytes: number('chunkBytes'),
    delayMs: number('delayMs'),
    splits: splits.map(Number).sort((a, b) => a - b),
  });
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0]) as keyof PaceForm;
    if (issue.code === 'too_big') errors[field] ??= `Maximum: ${issue.maximum}${field === 'splits' ? ' offsets' : ''}`;
    else errors[field] ??= field === 'splits' ? 'An offset must be at least 1' : 'A whole number is required';
  }
  if (Object.keys(errors).length > 0 || !parsed.success) return { ok: false, errors };
  const { bytesPerSecond, chunkBytes, splits: places } = parsed.data;
  const isSet = bytesPerSecond > 0 || chunkBytes > 0 || places.length > 0;
  return { ok: true, pace: isSet ? parsed.data : undefined };
}

/** Returns a short description of the pace, for the button that opens its form. */
export function paceText(form: PaceForm): string {
  const read = readPace(form);
  if (!read.ok) return 'invalid timing';
  if (!read.pace) return 'immediate';
  const { bytesPerSecond, chunkBytes, delayMs, splits } = read.pace;
  const wait = delayMs > 0 ? `, ${delayMs} ms apart` : '';
  return [
    bytesPerSecond > 0 ? `${bytesPerSecond} B/s` : '',
    chunkBytes > 0 ? `chunks of ${chunkBytes} B${wait}` : '',
    splits.length > 0 ? `split at ${splits.slice(0, 3).join(', ')}${splits.length > 3 ? ' …' : ''}` : '',
  ]
    .filter(Boolean)
    .join(', ')
    .concat(chunkBytes === 0 && splits.length > 0 ? wait : '');
}

/** The fields of a repeated send that contain a number. */
export type RepeatNumber = 'count' | 'intervalMs' | 'jitterMs' | 'replyMs';

type RepeatErrors = Readonly<Partial<Record<RepeatNumber | 'replyFilter', string>>>;

interface RepeatPlan {
  readonly count?: number;
  readonly intervalMs: number;
  readonly jitterMs: number;
  /** An empty filter matches any message. */
  readonly reply?: { readonly filter: string; readonly waitMs: number };
}

type RepeatResult =
  | { readonly ok: true; readonly plan: RepeatPlan }
  | { readonly ok: false; readonly errors: RepeatErrors };

const limits: Readonly<Record<RepeatNumber, { readonly min: number; readonly max: number }>> = {
  count: { min: 1, max: maxRepeatCount },
  intervalMs: { min: 0, max: maxJobMs },
  jitterMs: { min: 0, max: maxJobMs },
  replyMs: { min: 1, max: maxJobMs },
};

/**
 * Parses the form of a repeated send. Returns the plan, without a count for “until stopped”, or an error by field. An empty interval
 * or jitter is 0. The syntax of the filter is not checked.
 */
export function readRepeat(form: RepeatForm): RepeatResult {
  const errors: Partial<Record<RepeatNumber | 'replyFilter', string>> = {};
  const number = (field: RepeatNumber) => {
    const text = form[field].trim();
    const value = Number(text);
    const { min, max } = limits[field];
    if (!/^\d*$/.test(text)) errors[field] = 'A whole number is required';
    else if (value < min) errors[field] = `Minimum: ${min}`;
    else if (value > max) errors[field] = `Maximum: ${max}`;
    return value;
  };
  const filter = form.reply === 'filter' ? form.replyFilter.trim() : '';
  if (form.reply === 'filter' && filter === '') errors.replyFilter = 'A filter is required';
  if (filter.length > maxFilterLength) errors.replyFilter = `Maximum: ${maxFilterLength} characters`;
  const plan = {
    ...(form.isEndless ? {} : { count: number('count') }),
    intervalMs: number('intervalMs'),
    jitterMs: number('jitterMs'),
    ...(form.reply === 'none' ? {} : { reply: { filter, waitMs: number('replyMs') } }),
  };
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, plan };
}
