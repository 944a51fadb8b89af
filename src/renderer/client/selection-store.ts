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
}
export type SelectionStore = StoreApi<SelectionState>;

export function createSelectionStore(): SelectionStore {
  return createStore<SelectionState>(() => ({ byTab: {} }));
}

export function select(store: SelectionStore, tab: string, selection: Selection | undefined): void {
  store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: selection } }));
}
