/** Where one side of a socket is. `family` is 4 or 6. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** The calls of the Berkeley interface that can fail, by their POSIX names. */
export type SocketCall =
  | 'getaddrinfo'
  | 'socket'
  | 'bind'
  | 'listen'
  | 'accept'
  | 'connect'
  | 'send'
  | 'recv'
  | 'shutdown'
  | 'close';

/**
 * Why a socket is closed.
 * - `local`: we closed it; `peer`: both sides ended in order (FIN) and the peer's came first;
 * - `reset-by-us`, `reset-by-peer`: RST; `failed`: a call failed; `timeout`: a limit in time ran out;
 * - `stopped`: its server or the program was stopped.
 */
export type CloseCause = 'local' | 'peer' | 'reset-by-us' | 'reset-by-peer' | 'failed' | 'timeout' | 'stopped';

/**
 * What can happen to a socket beside messages, in the order it may happen. Exactly one `closed` ends each socket.
 * One outgoing socket may see several `connecting`/`failed` pairs: one for each address its name resolved to.
 */
export type SocketEvent =
  | { readonly kind: 'listening'; readonly local: Address; readonly backlog: number }
  | { readonly kind: 'resolved'; readonly name: string; readonly addresses: readonly Address[] }
  | { readonly kind: 'connecting'; readonly peer: Address; readonly attempt: number; readonly of: number }
  | { readonly kind: 'accepted'; readonly local: Address; readonly peer: Address; readonly listener: number }
  | { readonly kind: 'opened'; readonly local: Address; readonly peer: Address; readonly elapsedMs: number }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'resumed' }
  /** A cap cut or refused something: `limit` is its setting's name, `text` says what and how much. */
  | { readonly kind: 'limited'; readonly limit: string; readonly text: string }
  /** Something beside the socket went wrong: a reply file that cannot be read, say. */
  | { readonly kind: 'problem'; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly call: SocketCall;
      /** The POSIX name (`ECONNREFUSED`) or Node's code where the system gave none. */
      readonly errno: string;
      readonly text: string;
      readonly address?: Address | undefined;
    }
  | {
      readonly kind: 'closed';
      readonly cause: CloseCause;
      readonly errno?: string | undefined;
      /** Why, where the cause does not say it all. */
      readonly text?: string | undefined;
      readonly bytesIn: number;
      readonly bytesOut: number;
    };

export type SocketEventKind = SocketEvent['kind'];
