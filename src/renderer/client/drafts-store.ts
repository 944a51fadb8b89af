import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '#shared/failure.ts';
import { type LineEnd, lineEndOf } from '#shared/payload/line-ends.ts';
import { formatOf, type PayloadFormat } from '#shared/payload/payload.ts';
import { noPace, type PaceForm } from './pace-form.ts';
import type { PickedFile } from './picked-file.ts';

/** Whom a server's message goes to. A client's goes to its own connection. */
export type Target = { readonly kind: 'all' } | { readonly kind: 'some'; readonly sockets: readonly number[] };

/** What became of the last send. */
export interface SendOutcome {
  readonly sockets: number;
  readonly bytes: number;
  readonly failure: Failure | undefined;
  /** Some sockets took it and some did not. */
  readonly failed: number;
  readonly cancelled?: boolean;
}

/** A send under way, and how far it is: bytes over all its sockets. */
export interface Sending {
  readonly task: string;
  readonly done: number;
  readonly total: number;
}

/** A payload being written: one for each tab, kept while other tabs are shown. */
export interface Draft {
  readonly name: string;
  readonly format: PayloadFormat;
  /** A person selected the format or it came with the text; else it follows what is typed. */
  readonly formatChosen: boolean;
  /** The payload as it leaves: with its own line ends and, where it has one, its byte order mark. */
  readonly text: string;
  /** The line end of the Enter key and of Format: the one that all lines had last, or that was selected. */
  readonly lineEnd: LineEnd;
  /** The text differs from the sample or message it came from. */
  readonly changed: boolean;
  readonly target: Target;
  /** Add what the socket's framing wants around a message. */
  readonly frame: boolean;
  /** How fast it is to go. */
  readonly pace: PaceForm;
  /** A file that is sent instead of the text. */
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

/** Above this length a text is checked when it is sent, not at each key. */
export const maxTypedLength = 512 * 1_024;

/** The line end that all lines of `text` have; where there is no such, `before`. */
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
    // What begins like JSON is JSON with a mistake, until something else is selected.
    const isJson = next.format === 'json' && /^[\s\ufeff]*[{[]/.test(next.text);
    if (follows && next.format !== 'hex' && !isJson) next.format = formatOf(next.text);
    if (change.text !== undefined) next.lineEnd = usualLineEnd(next.text, next.lineEnd);
    return { byTab: { ...byTab, [tab]: next } };
  });
}

/** Puts a whole new text into the editor of a tab. */
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

/** How far the send `task` is, told to the draft that it is of. */
export function progressSend(store: DraftsStore, task: string, done: number, total: number): void {
  for (const [tab, { sending }] of Object.entries(store.getState().byTab)) {
    if (sending?.task === task) changeDraft(store, tab, { sending: { task, done, total } });
  }
}

export function dropDraft(store: DraftsStore, tab: string): void {
  store.setState(({ byTab }) => {
    const { [tab]: _gone, ...rest } = byTab;
    return { byTab: rest };
  });
}
