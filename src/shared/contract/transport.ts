/**
 * The interface of a host to the page: one function for calls, one for events. All values are structured-clone data, with bytes as
 * `Uint8Array`. The page does not trust their shape (`createClient` parses them), nor does the engine (`serve` does).
 */
export interface Transport {
  /** Answers a `Result`; rejects only if the host itself is gone. */
  call(name: string, input: unknown): Promise<unknown>;
  /** Calls `listener` with each event from now on; returns the function that unsubscribes. */
  subscribe(listener: (event: unknown) => void): () => void;
}

/** The `Transport` of the desktop app. */
export interface DesktopTransport extends Transport {
  /**
   * Grants the use of a folder that the user dropped on the window. `file` is the `File` of the event: the path that it stands for is known
   * to the preload only. Answers a `Result` with the handle of the folder.
   */
  grantFolder(file: object): Promise<unknown>;
}

/** The name under which the preload exposes the `DesktopTransport` on `window`. */
export const transportKey = 'wirebench';
