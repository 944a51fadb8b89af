import type { Transport, transportKey } from '#shared/contract/transport.ts';
import type { Result } from '#shared/failure.ts';

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
}

declare global {
  interface Window {
    readonly [transportKey]?: Transport;
  }
}
