import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Pace, paceSchema } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { type LineEnd, lineEndOf } from '#shared/payload/line-ends.ts';
import { formatOf, type PayloadFormat } from '#shared/payload/payload.ts';
import type { PickedFile } from '../bridge/transport.ts';
import { type RepeatForm, usualRepeat } from './repeat-form.ts';

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

/** The peers that a server's message goes to. A client's message goes to its own connection. */
export type Target = { readonly kind: 'all' } | { readonly kind: 'some'; readonly sockets: readonly number[] };

/** The result of the last send. */
export interface SendOutcome {
  readonly sockets: number;
  readonly bytes: number;
  readonly failure: Failure | undefined;
  /** Number of sockets on which sending failed. */
  readonly failed: number;
  readonly cancelled?: boolean;
}

/** A send in progress; `done` and `total` are bytes over all its sockets. */
export interface Sending {
  readonly job: string;
  readonly done: number;
  readonly total: number;
}

/** The payload being edited in a tab. Kept while other tabs are shown. */
export interface Draft {
  readonly name: string;
  readonly format: PayloadFormat;
  /** The user selected the format, or it came with the text. If false, the format is detected from the text. */
  readonly formatChosen: boolean;
  /** The payload exactly as it is sent, with its line ends and byte order mark, if any. */
  readonly text: string;
  /** The line end that Enter and Format insert: the last one that all lines had in common, or the selected one. */
  readonly lineEnd: LineEnd;
  /** The text differs from the sample or message it came from. */
  readonly changed: boolean;
  readonly target: Target;
  /** Adds the bytes of the socket's framing around the message. */
  readonly frame: boolean;
  /** Send timing. */
  readonly pace: PaceForm;
  readonly repeat: RepeatForm;
  /** A file to send instead of the text. */
  readonly file: PickedFile | undefined;
  readonly sending: Sending | undefined;
  readonly outcome: SendOutcome | undefined;
  /** Counts replacements of the text from outside the editor (a sample, Format, “use as payload”). */
  readonly revision: number;
}

interface DraftsState {
  readonly byTab: Readonly<Record<string, Draft>>;
}
export type DraftsStore = StoreApi<DraftsState>;

export const emptyDraft: Draft = {
  name: 'untitled',
  format: 'text',
  formatChosen: false,
  text: 'Hello, server!',
  lineEnd: 'lf',
  changed: false,
  target: { kind: 'all' },
  frame: true,
  pace: noPace,
  repeat: usualRepeat,
  file: undefined,
  sending: undefined,
  outcome: undefined,
  revision: 0,
};

export function createDraftsStore(): DraftsStore {
  return createStore<DraftsState>(() => ({ byTab: {} }));
}

export function draftOf(state: DraftsState, tab: string): Draft {
  return state.byTab[tab] ?? emptyDraft;
}

/** Longer text is checked only when it is sent, not on each key. */
export const maxTypedLength = 512 * 1_024;

/** Returns the line end that all lines of `text` have, or `before` if they differ. */
function usualLineEnd(text: string, before: LineEnd): LineEnd {
  const found = lineEndOf(text);
  return found === undefined || found === 'mixed' ? before : found;
}

/** Changes the draft of a tab. */
export function changeDraft(store: DraftsStore, tab: string, change: Partial<Draft>): void {
  store.setState(({ byTab }) => {
    const before = byTab[tab] ?? emptyDraft;
    const next = { ...before, ...change };
    const follows = change.text !== undefined && change.format === undefined && !next.formatChosen;
    // Text that begins like JSON stays JSON, invalid or not, until another format is selected.
    const isJson = next.format === 'json' && /^[\s\ufeff]*[{[]/.test(next.text);
    if (follows && next.format !== 'hex' && !isJson) next.format = formatOf(next.text);
    if (change.text !== undefined) next.lineEnd = usualLineEnd(next.text, next.lineEnd);
    return { byTab: { ...byTab, [tab]: next } };
  });
}

/** Replaces the text in the editor of a tab. */
export function replaceDraft(
  store: DraftsStore,
  tab: string,
  payload: { readonly name?: string; readonly format: PayloadFormat; readonly text: string; readonly changed: boolean },
): void {
  const { revision } = draftOf(store.getState(), tab);
  changeDraft(store, tab, {
    ...payload,
    formatChosen: true,
    file: undefined,
    revision: revision + 1,
    outcome: undefined,
  });
}

/** Updates the progress of the send `job` in its draft. */
export function progressSend(store: DraftsStore, job: string, done: number, total: number): void {
  for (const [tab, { sending }] of Object.entries(store.getState().byTab)) {
    if (sending?.job === job) changeDraft(store, tab, { sending: { job, done, total } });
  }
}

export function dropDraft(store: DraftsStore, tab: string): void {
  store.setState(({ byTab }) => {
    const { [tab]: _gone, ...rest } = byTab;
    return { byTab: rest };
  });
}
