import type { Client } from '#shared/contract/client.ts';
import type { CallInput, CallName, WorkbenchEvent } from '#shared/contract/contract.ts';
import type { DesktopTransport, Transport, transportKey } from '#shared/contract/transport.ts';
import { hostPaths } from '#shared/contract/wire.ts';
import { fail, type Result } from '#shared/failure.ts';

/**
 * Whether the engine can be reached. `lost`: reconnecting; events are missed meanwhile, so the page requests a new snapshot after
 * the next `open`. `refused`: the token is not valid, and the page does not reconnect.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** A `Transport` with the features that only some hosts have. */
export interface PageTransport extends Transport {
  readonly connection: Connection;
  /** Calls `listener` each time `connection` changes. Returns a function that stops it. */
  onConnection(listener: (connection: Connection) => void): () => void;
  /**
   * In a host without file dialogs: uploads a file that the user selected in the page, and returns its handle. `onProgress`
   * receives a value from 0 to 1; `signal` cancels.
   */
  readonly upload?: (
    file: File,
    onProgress?: (share: number) => void,
    signal?: AbortSignal,
  ) => Promise<Result<{ file: string }>>;
  /** In the desktop app: grants the use of a folder that the user dropped on the window, and returns its handle. */
  readonly grantFolder?: (file: File) => Promise<Result<{ folder: string }>>;
}

declare global {
  interface Window {
    readonly [transportKey]?: DesktopTransport;
  }
}

const key = 'wirebench.token';

/**
 * Returns the browser host's token: from the address it printed (`#token=…`), which is then removed from the address bar and
 * the history, or from this tab's storage. Empty if there is no valid token.
 */
export function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    // A WebSocket subprotocol cannot contain other characters.
    sessionStorage.setItem(key, /^[\w-]+$/.test(given) ? given : '');
  }
  return sessionStorage.getItem(key) ?? '';
}

/** Uploads `file` to the browser host, which keeps it until it exits. `onProgress` receives a value from 0 to 1; `signal` cancels. */
export function uploadFile(
  token: string,
  file: File,
  onProgress: (share: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Result<{ file: string }>> {
  return new Promise((resolve) => {
    // XMLHttpRequest, because `fetch` does not report upload progress.
    const request = new XMLHttpRequest();
    request.open('POST', `${hostPaths.upload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onload = () => resolve(readAnswer(request.responseText, request.status));
    request.onerror = () =>
      resolve(
        fail('disconnected', `Could not upload “${file.name}”`, { hint: 'Check that Wirebench is still running.' }),
      );
    request.onabort = () => resolve(fail('cancelled', `Uploading “${file.name}” cancelled`));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function readAnswer(text: string, status: number): Result<{ file: string }> {
  try {
    // The host's answer is a `Result`, written by `uploads.ts`.
    return JSON.parse(text) as Result<{ file: string }>;
  } catch {
    return fail('internal', 'Could not upload the file', { system: `the host answered HTTP ${status}` });
  }
}

/**
 * Returns `client` with its events parsed once for all listeners: an event may list thousands of sockets, thirty times a
 * second.
 */
export function sharingEvents(client: Client): Client {
  const listeners = new Set<(event: WorkbenchEvent) => void>();
  let stop: (() => void) | undefined;
  return {
    call<Name extends CallName>(name: Name, input: CallInput<Name>) {
      return client.call(name, input);
    },
    subscribe(listener) {
      // Wrapped, so that subscribing a function twice calls it twice.
      const own = (event: WorkbenchEvent) => listener(event);
      listeners.add(own);
      stop ??= client.subscribe((event) => {
        for (const one of [...listeners]) one(event);
      });
      return () => {
        listeners.delete(own);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}

/** A file that the engine can read. */
export interface PickedFile {
  /** The reference used in calls. */
  readonly handle: string;
  readonly name: string;
}
