import { assertNever } from '../assert-never.ts';
import { formatAddress } from './address.ts';
import type { CloseCause, SocketCall, SocketEvent } from './event.ts';

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

/** What one socket is, as its events tell it. */
export interface SocketState {
  readonly word: StateWord;
  /** `address:port`, empty while unknown. */
  readonly local: string;
  readonly peer: string;
  /** We have sent our FIN; the peer has sent its. */
  readonly writeEnded: boolean;
  readonly readEnded: boolean;
  readonly paused: boolean;
  /** What TLS and WebSocket agreed on, in words. */
  readonly security: string;
  /** Set once, by `closed`: nothing changes after it. */
  readonly cause?: CloseCause;
  /** What failed last; of a closed socket, what ended it. */
  readonly errno?: string | undefined;
  readonly call?: SocketCall | undefined;
  /** What the terminal event says beside its cause. */
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

/** The state after `event`. Pure; a socket that is closed stays as it is, whatever comes. */
export function reduce(state: SocketState, event: SocketEvent): SocketState {
  if (state.cause !== undefined) return state;
  switch (event.kind) {
    case 'listening':
      return { ...state, word: 'listening', local: formatAddress(event.local) };
    case 'bound':
      return { ...state, word: 'bound', local: formatAddress(event.local) };
    case 'waiting':
      return { ...state, word: 'waiting' };
    case 'resolved':
    case 'limited':
    case 'problem':
    case 'reframed':
    case 'malformed':
    case 'http':
    case 'control':
      return state;
    case 'connecting':
      return { ...state, word: 'connecting', peer: formatAddress(event.peer) };
    case 'accepted':
    case 'opened': {
      const word = event.handshake === undefined ? 'connected' : 'connecting';
      return { ...state, word, local: formatAddress(event.local), peer: formatAddress(event.peer) };
    }
    case 'peer-added':
      return { ...state, word: 'connected', local: formatAddress(event.local), peer: formatAddress(event.peer) };
    case 'secured': {
      const security = `${event.protocol}${event.alpn === '' ? '' : `, ${event.alpn}`}`;
      return { ...state, word: event.handshake === undefined ? 'connected' : 'connecting', security };
    }
    case 'upgraded': {
      const protocol = `WebSocket${event.protocol === '' ? '' : ` (${event.protocol})`}`;
      return { ...state, word: 'connected', security: [state.security, protocol].filter(Boolean).join(', ') };
    }
    case 'shutdown':
      return { ...state, word: 'half-closed', writeEnded: true };
    case 'ended':
      return { ...state, word: 'half-closed', readEnded: true };
    case 'paused':
      return { ...state, paused: true };
    case 'resumed':
      return { ...state, paused: false };
    case 'failed':
      return { ...state, errno: event.errno, call: event.call };
    case 'closed': {
      const { cause, errno, text: closeText } = event;
      // What failed before need not be what ended it: another address of the name, say.
      const call = errno === state.errno ? state.call : undefined;
      return { ...state, word: closedWord(cause), cause, errno, call, closeText, paused: false };
    }
    default:
      return assertNever(event);
  }
}

function closedWord(cause: CloseCause): StateWord {
  switch (cause) {
    case 'local':
    case 'peer':
    case 'stopped':
      return 'closed';
    case 'reset-by-us':
    case 'reset-by-peer':
      return 'reset';
    case 'failed':
    case 'timeout':
      return 'failed';
    default:
      return assertNever(cause);
  }
}
