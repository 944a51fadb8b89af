import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StoredSession } from '#shared/contract/models.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { ConvertedFormat } from '#shared/payload/convert.ts';
import type { Loss } from '#shared/payload/losses.ts';

/** The session to rename: an open one is found by its path, a stored one is opened by its reference. */
export interface RenameTarget {
  readonly path: string;
  readonly name: string;
  readonly reference?: string;
}

/** The one dialog that is open. */
export type DialogState =
  | { readonly kind: 'none' }
  | { readonly kind: 'palette' }
  /** `scope`: the initial selection. */
  | { readonly kind: 'save-session'; readonly session: string; readonly scope?: 'shown' }
  /** Asks for a record's number, or for a time. */
  | { readonly kind: 'go-to'; readonly to: 'record' | 'time' }
  /** All sessions in the app's folder. */
  | { readonly kind: 'stored-sessions' }
  /** `back`: the dialog to return to. */
  | { readonly kind: 'rename-session'; readonly session: RenameTarget; readonly back?: DialogState }
  | { readonly kind: 'delete-session'; readonly session: StoredSession; readonly back?: DialogState }
  /** Confirms a new session while endpoints or connections are open. */
  | { readonly kind: 'new-session' }
  /** Selects a folder to record to, in a host without file dialogs. */
  | { readonly kind: 'recording-place' }
  | { readonly kind: 'settings' }
  /** Asks for the name and folder of a tab's payload: to save it, to save it as another document, or to rename its document. */
  | { readonly kind: 'save-payload'; readonly tab: string; readonly how: 'save' | 'rename' }
  /** Asks for the name and folder of a recorded message, to save its bytes as a payload. */
  | { readonly kind: 'save-record'; readonly seq: number; readonly bytes: Uint8Array }
  /** Asks before a conversion replaces the payload of a tab with `text`, because something would be lost. */
  | {
      readonly kind: 'convert-payload';
      readonly tab: string;
      readonly to: ConvertedFormat;
      readonly text: string;
      readonly losses: readonly Loss[];
    }
  /** Finds values in the payload of a tab by XPath or JSON path. */
  | { readonly kind: 'query-payload'; readonly tab: string }
  /** Re-frames one live socket. */
  | { readonly kind: 'frame-socket'; readonly socket: number }
  /** Shows the bytes of a socket's incomplete message. */
  | { readonly kind: 'waiting-bytes'; readonly socket: number }
  /** Shows the reads and the messages of one direction of a socket, around a record; `framing` in the command line's spelling. */
  | {
      readonly kind: 'lens';
      readonly session: string;
      readonly socket: number;
      readonly direction: 'in' | 'out';
      readonly seq: number;
      readonly framing: string;
    }
  /** Re-frames a recorded session; `socket`, `endpoint` and `framing` are the initial selection. */
  | {
      readonly kind: 'reframe';
      readonly session: string;
      readonly socket?: number;
      readonly endpoint?: string;
      readonly framing?: FramingSpec;
    }
  /** Asks for the name, folder and colour of an endpoint: of the one in a tab, to save it, or of a saved one. */
  | { readonly kind: 'save-endpoint'; readonly tab: string }
  | { readonly kind: 'saved-endpoint'; readonly path: string }
  /** Shows why a document cannot be read. */
  | { readonly kind: 'document-problem'; readonly path: string }
  /** Asks for the name of a new workspace. */
  | { readonly kind: 'new-workspace' }
  /** Imports files and command lines; `files` were dropped on the window, `folder` is where payloads are put. */
  | {
      readonly kind: 'import';
      readonly files: readonly { readonly path: string; readonly file: File }[];
      readonly folder?: string;
    }
  /** Asks for the folder to which payloads and folders are moved. */
  | { readonly kind: 'move-payloads'; readonly paths: readonly string[] }
  /** Edits the environments; `path` is the one shown first. */
  | { readonly kind: 'environments'; readonly path?: string }
  /** Generates a program for the endpoint of a tab. */
  | { readonly kind: 'generate-code'; readonly tab: string }
  /** Lists the messages that were sent in the session of a tab. */
  | { readonly kind: 'sent-messages'; readonly tab: string }
  /** Confirms closing the tab of a listening server. */
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
