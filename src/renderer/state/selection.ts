import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { type NoticesStore, showFailure } from './notices.ts';

/** The record that the inspector shows for a tab. */
export interface Selection {
  readonly session: string;
  readonly row: Row;
  readonly info: SocketInfo | undefined;
}

/** A request from elsewhere in the page to the traffic of a tab. */
export type TrafficRequest =
  /** Selects a record, or the next one that matches the filter, and takes the focus. */
  | { readonly kind: 'record'; readonly seq: number }
  /** Selects the first record at or after a time (milliseconds since the epoch), and takes the focus. */
  | { readonly kind: 'time'; readonly at: number }
  /** Scrolls to the newest record and follows new ones. */
  | { readonly kind: 'end' }
  /** Selects the next or the previous match. */
  | { readonly kind: 'match'; readonly backward: boolean };

interface SelectionState {
  readonly byTab: Readonly<Record<string, Selection | undefined>>;
}
export type SelectionStore = StoreApi<SelectionState>;

export function createSelectionStore(): SelectionStore {
  return createStore<SelectionState>(() => ({ byTab: {} }));
}

export function select(store: SelectionStore, tab: string, selection: Selection | undefined): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: selection } }));
}

/** Calls to the traffic of the tabs. */
export interface TrafficCalls {
  /** Calls the traffic of `tab`: immediately, or as soon as it is on the page. */
  request(tab: string, request: TrafficRequest): void;
  /** Runs the requests to the traffic of `tab` with `run`, while it is on the page. Returns a function that ends this. */
  serve(tab: string, run: (request: TrafficRequest) => void): () => void;
}

export function createTrafficCalls(): TrafficCalls {
  const served = new Map<string, (request: TrafficRequest) => void>();
  const early = new Map<string, TrafficRequest>();
  return {
    request(tab, request) {
      const run = served.get(tab);
      if (run) run(request);
      else early.set(tab, request);
    },
    serve(tab, run) {
      served.set(tab, run);
      const request = early.get(tab);
      early.delete(tab);
      if (request) run(request);
      return () => {
        if (served.get(tab) === run) served.delete(tab);
      };
    },
  };
}

/** Clears the selections of records of these sessions. */
function dropSessions(store: SelectionStore, sessions: readonly string[]): void {
  for (const [tab, selection] of Object.entries(store.getState().byTab)) {
    if (selection && sessions.includes(selection.session)) select(store, tab, undefined);
  }
}

/**
 * Keeps the bookmarks and notes of the selected records up to date, and clears the selections of closed sessions. Returns a
 * function that stops it.
 */
export function syncSelections(client: Client, store: SelectionStore): () => void {
  return client.subscribe((event) => {
    if (event.kind === 'sessions') dropSessions(store, event.removed);
    if (event.kind !== 'marks') return;
    for (const [tab, selection] of Object.entries(store.getState().byTab)) {
      if (selection?.session !== event.session) continue;
      const mark = event.changed.find(({ seq }) => seq === selection.row.seq);
      if (!mark) continue;
      const { bookmarked, note } = mark;
      select(store, tab, { ...selection, row: { ...selection.row, mark: { bookmarked, note } } });
    }
  });
}

interface MarkServices {
  readonly client: Client;
  readonly notices: NoticesStore;
}
type Marked = Pick<Row, 'seq' | 'mark'>;

/** Sets or removes the bookmark of a record. Views are updated by the resulting event. */
export async function toggleBookmark(services: MarkServices, session: string, { seq, mark }: Marked): Promise<void> {
  const bookmarked = mark?.bookmarked !== true;
  const marked = await services.client.call('sessions.mark', { session, seq, bookmarked });
  if (!marked.ok) showFailure(services.notices, marked.error);
}

/** Sets the note of a record; an empty one removes it. Returns false if that fails, and shows why. */
export async function setNote(services: MarkServices, session: string, seq: number, note: string): Promise<boolean> {
  const marked = await services.client.call('sessions.mark', { session, seq, note });
  if (!marked.ok) showFailure(services.notices, marked.error);
  return marked.ok;
}
