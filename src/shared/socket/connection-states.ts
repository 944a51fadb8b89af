import type { StateWord } from './state.ts';
import type { Handshake } from './terms.ts';

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
