import { createStore, type StoreApi } from 'zustand/vanilla';

/** The one dialog that is open. */
export type DialogState =
  | { readonly kind: 'none' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'save-session'; readonly session: string }
  /** Closing the tab of a listening server is the one thing that is asked about. */
  | { readonly kind: 'close-server'; readonly tab: string };

export type DialogsStore = StoreApi<DialogState>;

export function createDialogsStore(): DialogsStore {
  return createStore<DialogState>(() => ({ kind: 'none' }));
}

export function showDialog(store: DialogsStore, dialog: DialogState): void {
  store.setState(dialog, true);
}

export function closeDialog(store: DialogsStore): void {
  store.setState({ kind: 'none' }, true);
}
