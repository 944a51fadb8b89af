import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StoredSession } from '#shared/contract/models.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';

/** A session that is renamed: an open one is found by where its file is, another one is opened by its reference. */
export interface RenameTarget {
  readonly path: string;
  readonly name: string;
  readonly reference?: string;
}

/** The one dialog that is open. */
export type DialogState =
  | { readonly kind: 'none' }
  | { readonly kind: 'palette' }
  /** `scope`: what of it is offered first. */
  | { readonly kind: 'save-session'; readonly session: string; readonly scope?: 'shown' }
  /** Asks for a record's number, or for a time. */
  | { readonly kind: 'go-to'; readonly to: 'record' | 'time' }
  /** All sessions in the app's folder. */
  | { readonly kind: 'stored-sessions' }
  /** `back` to the dialog that it came from. */
  | { readonly kind: 'rename-session'; readonly session: RenameTarget; readonly back?: DialogState }
  | { readonly kind: 'delete-session'; readonly session: StoredSession; readonly back?: DialogState }
  /** A new session is wanted while something is open. */
  | { readonly kind: 'new-session' }
  /** Where to record on, in a host without file dialogs. */
  | { readonly kind: 'recording-place' }
  | { readonly kind: 'settings' }
  /** Cuts the messages of one live socket otherwise. */
  | { readonly kind: 'frame-socket'; readonly socket: number }
  /** Shows what a socket has received of a message that is not complete. */
  | { readonly kind: 'waiting-bytes'; readonly socket: number }
  /** Re-frames a recorded session; the socket or the endpoint, and the framing, that are selected at first. */
  | {
      readonly kind: 'reframe';
      readonly session: string;
      readonly socket?: number;
      readonly endpoint?: string;
      readonly framing?: FramingSpec;
    }
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
