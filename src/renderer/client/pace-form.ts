import { type Pace, paceSchema } from '#shared/contract/models.ts';

/** The send timing as the user types it. */
export interface PaceForm {
  readonly bytesPerSecond: string;
  readonly chunkBytes: string;
  readonly delayMs: string;
  /** Byte offsets, separated by commas. */
  readonly splits: string;
}

export const noPace: PaceForm = { bytesPerSecond: '', chunkBytes: '', delayMs: '', splits: '' };

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
