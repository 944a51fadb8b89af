import type { Transport, transportKey } from '#shared/contract/transport.ts';
import type { Result } from '#shared/failure.ts';

/**
 * Whether the engine can be reached. `lost`: it is tried again; what was pushed meanwhile is missed, so after the next
 * `open` the page takes a new snapshot. `refused`: the token is not (or no longer) right, and nothing is tried again.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** A `Transport` together with what only some hosts have. */
export interface PageTransport extends Transport {
  readonly connection: Connection;
  /** Calls `listener` each time `connection` changes; gives the function that stops that. */
  onConnection(listener: (connection: Connection) => void): () => void;
  /**
   * Where the host has no file dialogs: hands a file that the user picked in the page to the engine, and answers its
   * handle. `onProgress` hears a share from 0 to 1; `signal` ends it.
   */
  readonly upload?: (
    file: File,
    onProgress?: (share: number) => void,
    signal?: AbortSignal,
  ) => Promise<Result<{ file: string }>>;
}

declare global {
  interface Window {
    readonly [transportKey]?: Transport;
  }
}
