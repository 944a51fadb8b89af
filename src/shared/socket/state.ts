import { assertNever } from '../assert-never.ts';
import { callName } from './errno.ts';
import type { CloseCause, Handshake, SocketCall } from './terms.ts';
import { abilitiesOf, type Transport } from './transports.ts';

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

/** How a socket has ended, as its terminal event says. */
export interface Ending {
  readonly cause: CloseCause;
  /** The POSIX name of the error and the call that failed, where a failure ended it. */
  readonly errno?: string | undefined;
  readonly call?: SocketCall | undefined;
  /** Details, such as the close code of a WebSocket. */
  readonly text?: string | undefined;
}

/** Returns how the socket in `state` has ended; `undefined` while it is open. */
export function endingOf({ cause, errno, call, closeText }: SocketState): Ending | undefined {
  return cause === undefined ? undefined : { cause, errno, call, text: closeText };
}

/**
 * Returns why a socket has ended, as the continuation of its state's word: “closed” `by the peer (FIN)`, “failed”
 * `in connect(): ECONNREFUSED`. `transport` determines whether a FIN or an RST was sent.
 */
export function endingText({ cause, errno, call, text }: Ending, transport: Transport): string {
  const system = errno !== undefined && call !== undefined ? `${callName(call)}: ${errno}` : errno;
  const { halfClose, reset } = abilitiesOf(transport);
  const inParentheses = (...parts: readonly (string | undefined)[]) => {
    const details = parts.filter(Boolean).join(', ');
    return details === '' ? '' : ` (${details})`;
  };
  switch (cause) {
    case 'local':
      return `locally${inParentheses(system, text)}`;
    case 'peer':
      return `by the peer${inParentheses(halfClose ? 'FIN' : '', system, text)}`;
    case 'stopped':
      return `because the server was stopped${inParentheses(system, text)}`;
    case 'reset-by-us':
      return `locally${inParentheses(reset ? 'RST' : '', text)}`;
    case 'reset-by-peer':
      return `by the peer${inParentheses(reset ? 'RST' : '', system, text)}`;
    case 'failed':
      if (system === undefined) return text ?? '';
      return `${call === undefined ? 'with' : 'in'} ${[system, text].filter(Boolean).join(', ')}`;
    case 'timeout':
      return `because a time limit expired${inParentheses(system, text)}`;
    default:
      return assertNever(cause);
  }
}

/** What the wording of an event depends on beside the event: what is known of its socket. */
export interface SocketFacts {
  readonly role: 'listener' | 'accepted' | 'outgoing';
  readonly transport: Transport;
  /** The endpoint that it belongs to; empty for a connection that an import observed. */
  readonly endpoint: string;
  /** `address:port` (`[address]:port` in IPv6), empty while unknown. */
  readonly local: string;
  readonly peer: string;
  /** True for the sockets of a UDP client that did not call connect(). */
  readonly unconnected?: boolean | undefined;
}

/** Returns true for a socket that no endpoint of this program had: an import only observed its traffic. */
export function isObserved({ endpoint }: Pick<SocketFacts, 'endpoint'>): boolean {
  return endpoint === '';
}

/** Returns true for a socket that listens: its calls are accept(), it has nothing to read. */
export function isListener(socket: SocketFacts | undefined): boolean {
  return socket?.role === 'listener' && socket.transport !== 'udp';
}

/** What the records of a connection say in one of its states. */
interface Recorded {
  readonly word: StateWord;
  /** Our side, or the peer's, sent its FIN. */
  readonly writeEnded: boolean;
  readonly readEnded: boolean;
}

interface ConnectionFacts {
  readonly help: string;
  /** Left out where a connection can come from several states whose records differ. */
  readonly recorded?: Recorded;
  /** Received messages are answered. */
  readonly answers?: boolean;
  /** Why no more bytes can be sent; left out where they can. */
  readonly refuses?: string;
}

const fin = 'our side has been shut down for writing (FIN)';
const ending = 'our side is being closed';

function recorded(word: StateWord, writeEnded = false, readEnded = false): Recorded {
  return { word, writeEnded, readEnded };
}

/** The states of a connection: one stream, or one peer of a transport of messages. */
const states = {
  handshaking: {
    recorded: recorded('connecting'),
    help: 'The TLS and WebSocket handshakes, if any, are made; what is sent is queued.',
  },
  'handshaking-finishing': {
    recorded: recorded('connecting'),
    refuses: ending,
    help: 'The same, and our FIN follows the queued bytes.',
  },
  open: { recorded: recorded('connected'), answers: true, help: 'Both sides can send.' },
  finishing: { recorded: recorded('connected'), refuses: ending, help: 'Our FIN follows the queued bytes.' },
  'write-ended': {
    recorded: recorded('half-closed', true),
    refuses: fin,
    help: 'We have sent our FIN; the peer can still send.',
  },
  'read-ended': {
    recorded: recorded('half-closed', false, true),
    help: 'The peer has sent its FIN; we can still send.',
  },
  'read-ended-finishing': {
    recorded: recorded('half-closed', false, true),
    refuses: ending,
    help: 'The peer has sent its FIN; ours follows the queued bytes.',
  },
  'both-ended': {
    recorded: recorded('half-closed', true, true),
    refuses: fin,
    help: 'Both sides have sent their FIN.',
  },
  answering: {
    recorded: recorded('half-closed', false, true),
    refuses: ending,
    help: 'The peer has sent its FIN; ours answers it after the queued bytes.',
  },
  answered: {
    recorded: recorded('half-closed', false, true),
    refuses: ending,
    help: 'Our FIN has answered that of the peer.',
  },
  flushing: { refuses: ending, help: 'Both sides end after the queued bytes.' },
  closing: { refuses: ending, help: 'Both sides end; the peer may still send.' },
  aborting: { refuses: ending, help: 'The connection was reset or dropped.' },
  closed: { refuses: ending, help: 'The end: the event “closed” is the last record.' },
} as const satisfies Readonly<Record<string, ConnectionFacts>>;

export type ConnectionState = keyof typeof states;

export const connectionStates: Readonly<Record<ConnectionState, ConnectionFacts>> = states;

/** Returns what the records say after a FIN: of our side (`writeEnded`), of the peer's, or of both. */
export function recordedFins(writeEnded: boolean, readEnded: boolean): Recorded {
  const all: readonly ConnectionFacts[] = Object.values(connectionStates);
  const found = all.find(({ recorded }) => recorded?.writeEnded === writeEnded && recorded.readEnded === readEnded);
  if (!found?.recorded) throw new Error('no state of a connection has these FINs');
  return found.recorded;
}

/** Returns the word of a connection that has just been made, or whose handshake is done: `handshake` is the one that follows. */
export function wordBefore(handshake: Handshake | undefined): StateWord {
  return handshake === undefined ? states.open.recorded.word : states.handshaking.recorded.word;
}
