import { formatAddress } from '../address.ts';
import { callName } from '../errno.ts';
import { quote, receive, tuple, variableOf } from '../python-words.ts';
import type { SocketFacts } from '../state.ts';
import { type SocketCall, socketCalls } from '../terms.ts';
import { address, defineEvent, oneOf, optional, text } from './event-kind.ts';

/** Limits that no setting has: the text is enough. */
const otherLimits: ReadonlySet<string> = new Set([
  'refused',
  'unreachable',
  'send',
  'datagram',
  'inFlight',
  'sessionFile',
]);

/** `limit`: the name of its setting; `text`: what was truncated, refused or lost, and how much. */
export const limited = defineEvent({
  kind: 'limited',
  code: 25,
  help: 'a limit truncated or refused something',
  level: 'warning',
  isProblem: true,
  place: 'with-messages',
  fields: { limit: text, text },
  text: ({ limit, text: what }) => (otherLimits.has(limit) ? what : `limit ${limit}: ${what}`),
  isAboutFraming: ({ limit }) => limit === 'maxMessage',
  calls: ({ limit, text: what }) => [{ call: `# no call: limit ${limit}`, explains: what }],
});

export const problem = defineEvent({
  kind: 'problem',
  code: 28,
  help: 'a problem that is not of a socket call, such as a reply file that cannot be read',
  level: 'problem',
  isProblem: true,
  fields: { text },
  text: ({ text: what }) => what,
  calls: ({ text: what }) => [{ call: '# no call: a problem of Wirebench', explains: what }],
});

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
