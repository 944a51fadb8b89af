import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import type { Failure } from '#shared/failure.ts';
import { type LineEnd, lineEndOf } from '#shared/payload/line-ends.ts';
import { formatOf, type PayloadFormat } from '#shared/payload/payload.ts';
import type { PickedFile } from '../bridge/transport.ts';
import type { WorkspaceStore } from './workspace.ts';

/** The send timing as the user types it. */
export interface PaceForm {
  readonly bytesPerSecond: string;
  readonly chunkBytes: string;
  readonly delayMs: string;
  /** Byte offsets, separated by commas. */
  readonly splits: string;
}

export const noPace: PaceForm = { bytesPerSecond: '', chunkBytes: '', delayMs: '', splits: '' };

/** The settings of a repeated send as the user types them. */
export interface RepeatForm {
  readonly count: string;
  /** Sends until it is stopped, not `count` times. */
  readonly isEndless: boolean;
  readonly intervalMs: string;
  readonly jitterMs: string;
  /** The reply to wait for before the next message. */
  readonly reply: 'none' | 'any' | 'filter';
  /** A reply must match this filter, if `reply` is `filter`. */
  readonly replyFilter: string;
  /** Maximum time to wait for a reply. */
  readonly replyMs: string;
}

export const usualRepeat: RepeatForm = {
  count: '100',
  isEndless: false,
  intervalMs: '1000',
  jitterMs: '0',
  reply: 'none',
  replyFilter: '',
  replyMs: '1000',
};

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

/** The content of a document on the disk that differs from what a draft is based on; without `theirs` the document was deleted. */
export interface Conflict {
  readonly theirs:
    | { readonly version: string; readonly bytes: Uint8Array; readonly format: PayloadFormat; readonly text: string }
    | undefined;
}

/** The payload being edited in a tab. Kept while other tabs are shown. */
export interface Draft {
  /** Identifies the payload where unsaved changes are kept: the path of its document, or a unique name. Empty until it has one. */
  readonly key: string;
  readonly name: string;
  readonly format: PayloadFormat;
  /** The user selected the format, or it came with the text. If false, the format is detected from the text. */
  readonly formatChosen: boolean;
  /** The payload exactly as it is sent, with its line ends and byte order mark, if any. */
  readonly text: string;
  /** The line end that Enter and Format insert: the last one that all lines had in common, or the selected one. */
  readonly lineEnd: LineEnd;
  /** The text differs from the document, sample or message it came from. */
  readonly changed: boolean;
  /** The text of the document as it was loaded or saved last. */
  readonly saved: string | undefined;
  /** What the meta file of the document says, as it was loaded or saved last. */
  readonly savedForm: SavedForm | undefined;
  /** The version of that meta file; `new` without one. */
  readonly metaVersion: string;
  /** What the user should know about the document, such as why it is shown as hex. */
  readonly notice: string | undefined;
  readonly conflict: Conflict | undefined;
  /** The document that this payload is saved in: its path in the workspace; `undefined` for one that was never saved. */
  readonly document: string | undefined;
  /** The version of the document that was loaded or saved last; `new` without one. */
  readonly version: string;
  /** The encoding in which the text is saved and sent. A byte order mark of UTF-8 is part of the text. */
  readonly encoding: WrittenPayload['encoding'];
  /** The payload is a template: `{{ … }}` is replaced in each message. */
  readonly template: boolean;
  /** The checksum that is appended when it is sent. */
  readonly checksum: WrittenPayload['checksum'];
  readonly target: Target;
  /** Adds framing around the message: that of the payload, or else that of each socket. */
  readonly frame: boolean;
  /** The framing of the payload itself, as on the command line; `undefined`: that of each socket. */
  readonly framing: string | undefined;
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

/** The fields of a draft that are saved in the meta file of its document. */
export const formFields = ['encoding', 'template', 'checksum', 'lineEnd', 'frame', 'framing'] as const;
/** How a payload is edited and sent, apart from its text. */
export type SavedForm = Pick<Draft, (typeof formFields)[number]>;

/** Returns true if two payloads are edited and sent in the same way. */
export function isSameForm(one: SavedForm, other: SavedForm): boolean {
  const { spec, from, to } = one.checksum ?? {};
  const isSameSum = spec === other.checksum?.spec && from === other.checksum?.from && to === other.checksum?.to;
  return isSameSum && formFields.every((field) => field === 'checksum' || one[field] === other[field]);
}

interface DraftsState {
  readonly byTab: Readonly<Record<string, Draft>>;
}
export type DraftsStore = StoreApi<DraftsState>;

export const emptyDraft: Draft = {
  key: '',
  name: 'untitled',
  format: 'text',
  formatChosen: false,
  text: 'Hello, server!',
  lineEnd: 'lf',
  changed: false,
  saved: undefined,
  savedForm: undefined,
  metaVersion: 'new',
  notice: undefined,
  conflict: undefined,
  document: undefined,
  version: 'new',
  encoding: 'utf-8',
  template: false,
  checksum: undefined,
  target: { kind: 'all' },
  frame: true,
  framing: undefined,
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
export function usualLineEnd(text: string, before: LineEnd): LineEnd {
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
    const isAsSaved = next.text === next.saved;
    // A text that undo has returned to what was saved is not a change, nor is the line end that it had in between.
    const isReturned = change.text !== undefined && change.lineEnd === undefined && isAsSaved;
    if (isReturned && next.savedForm && lineEndOf(before.text) === before.lineEnd) {
      next.lineEnd = usualLineEnd(next.text, next.savedForm.lineEnd);
    }
    if (next.saved !== undefined && savedFields.some((field) => field in change)) {
      next.changed = !isAsSaved || (next.savedForm !== undefined && !isSameForm(next, next.savedForm));
    }
    return { byTab: { ...byTab, [tab]: next } };
  });
}

/** What the bytes of a draft are made of. */
export type Written = Pick<Draft, 'format' | 'text' | 'encoding' | 'template' | 'checksum'>;

/** Returns true for a payload that is sent as the bytes of its text: the page makes them without the main process. */
export function isPlain({ format, encoding, template, checksum }: Omit<Written, 'text'>): boolean {
  return !template && checksum === undefined && (format === 'hex' || encoding === 'utf-8');
}

/** Returns the payload from which the main process makes the bytes. */
export function writtenOf({ workspace }: { readonly workspace: WorkspaceStore }, draft: Written): WrittenPayload {
  const { format, text, encoding, template, checksum } = draft;
  const { environment } = workspace.getState();
  return {
    format,
    text,
    encoding,
    template,
    ...(template && environment !== undefined && { environment }),
    ...(checksum && { checksum }),
  };
}

/** The fields that show whether a payload differs from its document. */
const savedFields = ['text', 'saved', 'savedForm', ...formFields] as const;

/** What a payload has that is not a document. */
const withoutDocument: Partial<Draft> = {
  ...{ key: '', document: undefined, version: 'new', saved: undefined, notice: undefined, conflict: undefined },
  ...{
    encoding: 'utf-8',
    template: false,
    checksum: undefined,
    framing: undefined,
    savedForm: undefined,
    metaVersion: 'new',
  },
};

/** Replaces the text in the editor of a tab. With a name it is another payload, which is not a document yet. */
export function replaceDraft(
  store: DraftsStore,
  tab: string,
  payload: { readonly name?: string; readonly format: PayloadFormat; readonly text: string; readonly changed: boolean },
): void {
  const { revision } = draftOf(store.getState(), tab);
  changeDraft(store, tab, {
    ...(payload.name === undefined ? {} : withoutDocument),
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
