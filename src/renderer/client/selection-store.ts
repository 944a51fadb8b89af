import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Row, SocketInfo } from '#shared/record/record.ts';

/** The record that the inspector shows: one for each tab. */
export interface Selection {
  readonly session: string;
  readonly row: Row;
  readonly info: SocketInfo | undefined;
}

export interface SelectionState {
  readonly byTab: Readonly<Record<string, Selection | undefined>>;
  /** Records that something other than the user's hand has the traffic of a tab choose. */
  readonly wanted: Readonly<Record<string, number | undefined>>;
}
export type SelectionStore = StoreApi<SelectionState>;

export function createSelectionStore(): SelectionStore {
  return createStore<SelectionState>(() => ({ byTab: {}, wanted: {} }));
}

export function select(store: SelectionStore, tab: string, selection: Selection | undefined): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: selection } }));
}

/** Has the traffic of `tab` choose the record `seq` and take the focus, so that arrow keys walk on from there. */
export function wantRecord(store: SelectionStore, tab: string, seq: number): void {
  store.setState(({ wanted }) => ({ wanted: { ...wanted, [tab]: seq } }));
}

/** The record wanted for `tab`, once: whoever takes it chooses it. */
export function takeWanted(store: SelectionStore, tab: string): number | undefined {
  const seq = store.getState().wanted[tab];
  if (seq !== undefined) store.setState(({ wanted }) => ({ wanted: { ...wanted, [tab]: undefined } }));
  return seq;
}
