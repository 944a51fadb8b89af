import type { CloseCause, SocketCall } from './terms.ts';

/** The word shown for a socket or an endpoint. */
export const stateWords = [
  'idle',
  'opening',
  'waiting',
  'listening',
  'bound',
  'connecting',
  'connected',
  'half-closed',
  'closed',
  'reset',
  'failed',
] as const;
export type StateWord = (typeof stateWords)[number];

/** The state of one socket, derived from its events. */
export interface SocketState {
  readonly word: StateWord;
  /** `address:port`; empty while unknown. */
  readonly local: string;
  readonly peer: string;
  /** We have sent our FIN; the peer has sent its. */
  readonly writeEnded: boolean;
  readonly readEnded: boolean;
  readonly paused: boolean;
  /** The protocols that the TLS and WebSocket handshakes negotiated, as text. */
  readonly security: string;
  /** Set once, by `closed`: the state does not change after it. */
  readonly cause?: CloseCause;
  /** The last error; of a closed socket, the one that ended it. */
  readonly errno?: string | undefined;
  readonly call?: SocketCall | undefined;
  /** The details in the terminal event. */
  readonly closeText?: string | undefined;
}

export const initialState: SocketState = {
  word: 'opening',
  local: '',
  peer: '',
  writeEnded: false,
  readEnded: false,
  paused: false,
  security: '',
};
