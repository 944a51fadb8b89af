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

/** The state of one socket, as its events determine it. */
export interface SocketState {
  readonly word: StateWord;
  /** `address:port`, empty while unknown. */
  readonly local: string;
  readonly peer: string;
  /** We have sent our FIN; the peer has sent its. */
  readonly writeEnded: boolean;
  readonly readEnded: boolean;
  readonly paused: boolean;
  /** The result of the TLS and WebSocket handshakes, in words. */
  readonly security: string;
  /** Set once, by `closed`; the state is final then. */
  readonly cause?: CloseCause;
  /** The last failure; of a closed socket, the failure that ended it. */
  readonly errno?: string | undefined;
  readonly call?: SocketCall | undefined;
  /** The text of the terminal event, beside its cause. */
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
