import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '#shared/contract/client.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/** The record that the inspector shows: one for each tab. */
export interface Selection {
  readonly session: string;
  readonly row: Row;
  readonly info: SocketInfo | undefined;
}

/** What something other than the user's hand has the traffic of a tab do. */
export type TrafficWish =
  /** Choose a record, or the one behind it that the filter lets through, and take the focus. */
  | { readonly kind: 'record'; readonly seq: number }
  /** The same with the first record from a time on, milliseconds since the epoch. */
  | { readonly kind: 'time'; readonly at: number }
  /** Choose the next match, or the one before. */
  | { readonly kind: 'match'; readonly backward: boolean };

interface SelectionState {
  readonly byTab: Readonly<Record<string, Selection | undefined>>;
  readonly wanted: Readonly<Record<string, TrafficWish | undefined>>;
}
export type SelectionStore = StoreApi<SelectionState>;

export function createSelectionStore(): SelectionStore {
  return createStore<SelectionState>(() => ({ byTab: {}, wanted: {} }));
}

export function select(store: SelectionStore, tab: string, selection: Selection | undefined): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: selection } }));
}

export function wish(store: SelectionStore, tab: string, wanted: TrafficWish): void {
  store.setState((state) => ({ wanted: { ...state.wanted, [tab]: wanted } }));
}

/** Has the traffic of `tab` choose the record `seq` and take the focus, so that arrow keys walk on from there. */
export function wantRecord(store: SelectionStore, tab: string, seq: number): void {
  wish(store, tab, { kind: 'record', seq });
}

/** What is wanted of the traffic of `tab`, once: whoever takes it does it. */
export function takeWish(store: SelectionStore, tab: string): TrafficWish | undefined {
  const wanted = store.getState().wanted[tab];
  if (wanted !== undefined) store.setState((state) => ({ wanted: { ...state.wanted, [tab]: undefined } }));
  return wanted;
}

/** Selects nothing any longer in the tabs that show a record of one of these sessions. */
function dropSessions(store: SelectionStore, sessions: readonly string[]): void {
  for (const [tab, selection] of Object.entries(store.getState().byTab)) {
    if (selection && sessions.includes(selection.session)) select(store, tab, undefined);
  }
}

/**
 * Keeps the bookmarks and notes of the selected records up to date, and drops the selections of sessions that are closed.
 * Returns the function that stops it.
 */
export function keepSelections(client: Client, store: SelectionStore): () => void {
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
