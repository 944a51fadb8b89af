/**
 * What a host gives the page: one function for calls, one for events. Everything that crosses it is structured-clone
 * data, bytes as `Uint8Array`. The page trusts nothing of its shape (`createClient` parses it), nor does the engine
 * (`serve` does).
 */
export interface Transport {
  /** Answers a `Result`; rejects only where the host itself is gone. */
  call(name: string, input: unknown): Promise<unknown>;
  /** Calls `listener` with each event from now on; gives the function that stops that. */
  subscribe(listener: (event: unknown) => void): () => void;
}

/** The name under which the preload exposes the `Transport` on `window`. */
export const transportKey = 'wirebench';
