import { type Pace, paceSchema } from '#shared/contract/models.ts';

/** How fast a message is to go, as it is typed. */
export interface PaceForm {
  readonly bytesPerSecond: string;
  readonly chunkBytes: string;
  readonly delayMs: string;
  /** Offsets, with commas between them. */
  readonly splits: string;
}

export const noPace: PaceForm = { bytesPerSecond: '', chunkBytes: '', delayMs: '', splits: '' };

type PaceErrors = Readonly<Partial<Record<keyof PaceForm, string>>>;
type PaceResult =
  | { readonly ok: true; readonly pace: Pace | undefined }
  | { readonly ok: false; readonly errors: PaceErrors };

/** Reads the form: a pace, none where nothing is typed, or what is wrong, by field. */
export function readPace(form: PaceForm): PaceResult {
  const errors: Partial<Record<keyof PaceForm, string>> = {};
  const number = (field: Exclude<keyof PaceForm, 'splits'>) => {
    const text = form[field].trim();
    if (text === '') return 0;
    if (!/^\d{1,12}$/.test(text)) errors[field] = 'a whole number is needed';
    return Number(text);
  };
  const splits = form.splits.split(/[\s,]+/).filter(Boolean);
  if (splits.some((text) => !/^\d{1,12}$/.test(text))) errors.splits = 'numbers of bytes, with commas between them';
  const parsed = paceSchema.safeParse({
    bytesPerSecond: number('bytesPerSecond'),
    chunkBytes: number('chunkBytes'),
    delayMs: number('delayMs'),
    splits: splits.map(Number).sort((a, b) => a - b),
  });
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0]) as keyof PaceForm;
    if (issue.code === 'too_big') errors[field] ??= `at most ${issue.maximum}${field === 'splits' ? ' places' : ''}`;
    else
      errors[field] ??= field === 'splits' ? 'a place is 1 or more bytes from the start' : 'a whole number is needed';
  }
  if (Object.keys(errors).length > 0 || !parsed.success) return { ok: false, errors };
  const { bytesPerSecond, chunkBytes, splits: places } = parsed.data;
  const isSet = bytesPerSecond > 0 || chunkBytes > 0 || places.length > 0;
  return { ok: true, pace: isSet ? parsed.data : undefined };
}

/** The pace in a few words, for the button that opens its form. */
export function paceText(form: PaceForm): string {
  const read = readPace(form);
  if (!read.ok) return 'pace: see there';
  if (!read.pace) return 'at once';
  const { bytesPerSecond, chunkBytes, delayMs, splits } = read.pace;
  const wait = delayMs > 0 ? `, ${delayMs} ms apart` : '';
  return [
    bytesPerSecond > 0 ? `${bytesPerSecond} B/s` : '',
    chunkBytes > 0 ? `pieces of ${chunkBytes} B${wait}` : '',
    splits.length > 0 ? `split at ${splits.slice(0, 3).join(', ')}${splits.length > 3 ? ' …' : ''}` : '',
  ]
    .filter(Boolean)
    .join(', ')
    .concat(chunkBytes === 0 && splits.length > 0 ? wait : '');
}
