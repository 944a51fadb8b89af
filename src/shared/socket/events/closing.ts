import { byteCount } from '../../bytes/units.ts';
import { type ExplainedCall, receive, variableOf } from '../python-words.ts';
import { recordedFins, type SocketFacts, type StateWord } from '../state.ts';
import { type CloseCause, closeCauses } from '../terms.ts';
import { defineEvent, number, oneOf, optional, text } from './event-kind.ts';

export const shutdown = defineEvent({
  kind: 'shutdown',
  code: 21,
  help: 'this side sent its FIN',
  place: 'after-sent',
  fields: {},
  text: () => 'sent FIN: the peer can still send',
  observed: (_, { local, peer }) => `${local} sent FIN: ${peer} can still send`,
  changes: (_, { readEnded }) => recordedFins(true, readEnded),
  calls: (_, info) => [
    {
      call: `${variableOf(info)}.shutdown(socket.SHUT_WR)`,
      explains: 'Sends a FIN: this side can still receive, but not send. The peer’s recv() returns b"".',
    },
  ],
});

export const ended = defineEvent({
  kind: 'ended',
  code: 22,
  help: 'the peer sent its FIN',
  place: 'after-received',
  fields: {},
  text: () => "peer sent FIN: recv() returns b''",
  observed: (_, { local, peer }) => `${peer} sent FIN: ${local} can still send`,
  changes: (_, { writeEnded }) => recordedFins(writeEnded, true),
  calls: (_, info) => [
    {
      call: `${receive(variableOf(info), 0)}  # b''`,
      explains: 'The peer has sent its FIN and sends no more data: recv() returns an empty bytes object.',
    },
  ],
});

/** The one terminal event. `text`: the reason, where the cause does not say it all. */
export const closed = defineEvent({
  kind: 'closed',
  code: 27,
  help: 'the socket is closed; the last record of its socket',
  place: 'last',
  fields: { cause: oneOf(closeCauses), errno: optional(text), text: optional(text), bytesIn: number, bytesOut: number },
  text(event) {
    const { text: what, segment } = causes[event.cause];
    const why = [segment, event.errno, event.text].filter(Boolean).join(', ');
    return `${what}${why === '' ? '' : ` (${why})`} · ${trafficText(event)}`;
  },
  observed(event, socket) {
    const sentence = observedText(event.cause, event.text, socket);
    return sentence === undefined ? undefined : `${sentence} · ${trafficText(event)}`;
  },
  changes({ cause, errno, text: closeText }, state) {
    // An earlier failure need not be the one that ended the socket: it may be of another address of the name.
    const call = errno === state.errno ? state.call : undefined;
    return { word: causes[cause].word, cause, errno, call, closeText, paused: false };
  },
  calls({ cause }, info) {
    const socket = variableOf(info);
    return causes[cause].calls(socket, `${socket}.close()`);
  },
});

interface Cause {
  readonly text: string;
  /** The TCP segment that closed the connection. */
  readonly segment?: string;
  readonly word: StateWord;
  calls(socket: string, close: string): readonly ExplainedCall[];
}

/** A cause whose only call is close(). */
function closing(words: string, word: StateWord, explains: string): Cause {
  return { text: words, word, calls: (_, call) => [{ call, explains }] };
}

const causes: Readonly<Record<CloseCause, Cause>> = {
  local: closing('closed locally', 'closed', 'Closes the socket: both directions end and the descriptor is released.'),
  peer: closing('closed by peer', 'closed', 'The peer had sent its FIN; now this side is closed as well.'),
  stopped: closing('closed: stopped', 'closed', 'Its server or the program was stopped, so the socket was closed.'),
  timeout: closing('closed: timed out', 'failed', 'A time limit was reached, so the socket was closed.'),
  failed: closing('closed after error', 'failed', 'A call failed, so the socket was closed.'),
  'reset-by-us': {
    text: 'reset locally',
    segment: 'RST',
    word: 'reset',
    calls: (socket, close) => [
      {
        call: `${socket}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))`,
        explains: 'close() will not wait, and will discard the data that is not sent yet.',
      },
      { call: close, explains: 'Sends RST instead of FIN: the peer’s next call fails with ECONNRESET.' },
    ],
  },
  'reset-by-peer': {
    text: 'reset by peer',
    segment: 'RST',
    word: 'reset',
    calls: (socket) => [
      {
        call: `${receive(socket, 0)}  # raises ConnectionResetError`,
        explains: 'The peer sent RST: the connection is closed, and data in transit is lost.',
      },
    ],
  },
};

function trafficText({ bytesIn, bytesOut }: { readonly bytesIn: number; readonly bytesOut: number }): string {
  return `${byteCount(bytesIn)} in, ${byteCount(bytesOut)} out`;
}

function observedText(
  cause: CloseCause,
  why: string | undefined,
  { local, peer, transport }: SocketFacts,
): string | undefined {
  switch (cause) {
    case 'local':
      return `${local} closed the connection`;
    case 'peer':
      return `${peer} closed the connection`;
    case 'reset-by-us':
      return `${local} reset the connection (RST)`;
    case 'reset-by-peer':
      return `${peer} reset the connection (RST)`;
    case 'stopped':
      if (!why) return undefined;
      return transport === 'udp' ? why : `${why} while the connection was open`;
    default:
      return undefined;
  }
}
