import { formatAddress } from '../address.ts';
import { callName } from '../errno.ts';
import { quote, receive, tuple, variableOf } from '../python-words.ts';
import type { SocketFacts } from '../state.ts';
import { type SocketCall, socketCalls } from '../terms.ts';
import { defineEvent } from './event-kind.ts';
import { address, oneOf, optional, text } from './fields.ts';

/** `errno`: the POSIX name (`ECONNREFUSED`), or Node's code where the system gave none. */
export const failed = defineEvent({
  kind: 'failed',
  code: 26,
  help: 'a socket call failed',
  level: 'problem',
  isProblem: true,
  fields: { call: oneOf(socketCalls), errno: text, text, address: optional(address) },
  text({ call, errno, text: what, address: at }) {
    const where = at === undefined ? '' : ` ${prepositions[call] ?? 'on'} ${formatAddress(at)}`;
    const why = errno !== '' && what !== '' ? `${errno} (${what})` : errno || what;
    return `${callName(call)}${where} failed: ${why}`;
  },
  changes: ({ errno, call }) => ({ errno, call }),
  calls: ({ call, errno, text: what, address: at }, info) => [
    {
      call: `${pythonCall(call, at && tuple(at), at?.host, info)}  # raises ${exceptionOf(call, errno)}`,
      explains: `${[errno, what].filter(Boolean).join(': ')}.`,
    },
  ],
});

/** What joins a call and its address; “on” for the others. */
const prepositions: Partial<Record<SocketCall, string>> = {
  bind: 'to',
  connect: 'to',
  handshake: 'with',
  send: 'to',
  recv: 'from',
};

const exceptions: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ConnectionRefusedError',
  ECONNRESET: 'ConnectionResetError',
  ECONNABORTED: 'ConnectionAbortedError',
  EPIPE: 'BrokenPipeError',
  EACCES: 'PermissionError',
  EPERM: 'PermissionError',
  ETIMEDOUT: 'TimeoutError',
  ENOENT: 'FileNotFoundError',
  EISDIR: 'IsADirectoryError',
  ENOTDIR: 'NotADirectoryError',
};

/** The exception that Python raises for an errno of `call`. */
function exceptionOf(call: SocketCall, errno: string): string {
  if (call === 'getaddrinfo') return 'socket.gaierror';
  if (call === 'handshake' || errno.startsWith('ERR_')) return 'ssl.SSLError';
  return Object.hasOwn(exceptions, errno) ? (exceptions[errno] as string) : 'OSError';
}

function pythonCall(call: SocketCall, at = '', host: string | undefined, info: SocketFacts | undefined): string {
  const socket = variableOf(info);
  const texts: Readonly<Record<SocketCall, string>> = {
    open: 'open(…)',
    getaddrinfo: `socket.getaddrinfo(${quote(host ?? hostOf(info?.peer ?? ''))}, None)`,
    socket: 'socket.socket()',
    bind: `${socket}.bind(${at})`,
    listen: `${socket}.listen()`,
    accept: `${socket}.accept()`,
    connect: `${socket}.connect(${at})`,
    handshake: info?.transport === 'ws' ? 'websocket = connect(…)' : `context.wrap_socket(${socket})`,
    send: `${socket}.send(data)`,
    recv: receive(socket, 0),
    shutdown: `${socket}.shutdown(socket.SHUT_WR)`,
    close: `${socket}.close()`,
  };
  return texts[call];
}

function hostOf(peer: string): string {
  return peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
