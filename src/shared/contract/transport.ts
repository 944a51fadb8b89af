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

/** The name under which the preload exposes the `Transport` on `window`. */
export const transportKey = 'wirebench';
