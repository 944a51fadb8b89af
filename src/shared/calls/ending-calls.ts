import { assertNever } from '../assert-never.ts';
import type { SocketInfo } from '../record/record.ts';
import type { SocketCall, SocketEvent } from '../socket/event.ts';
import { type ExplainedCall, quote, receive, tuple } from './python-words.ts';

type EventOf<Kind extends SocketEvent['kind']> = Extract<SocketEvent, { readonly kind: Kind }>;

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

/** Returns the exception that Python raises for an errno of `call`. */
function exceptionOf(call: SocketCall, errno: string): string {
  if (call === 'getaddrinfo') return 'socket.gaierror';
  if (call === 'handshake' || errno.startsWith('ERR_')) return 'ssl.SSLError';
  return Object.hasOwn(exceptions, errno) ? (exceptions[errno] as string) : 'OSError';
}

/** Returns the call that failed, and the exception that it raises. */
export function failedCall(event: EventOf<'failed'>, socket: string, info: SocketInfo | undefined): ExplainedCall {
  const address = event.address ? tuple(event.address) : '';
  const texts: Record<SocketCall, string> = {
    open: 'open(…)',
    getaddrinfo: `socket.getaddrinfo(${quote(event.address?.host ?? hostOf(info?.peer ?? ''))}, None)`,
    socket: 'socket.socket()',
    bind: `${socket}.bind(${address})`,
    listen: `${socket}.listen()`,
    accept: `${socket}.accept()`,
    connect: `${socket}.connect(${address})`,
    handshake: info?.transport === 'ws' ? 'websocket = connect(…)' : `context.wrap_socket(${socket})`,
    send: `${socket}.send(data)`,
    recv: receive(socket, 0),
    shutdown: `${socket}.shutdown(socket.SHUT_WR)`,
    close: `${socket}.close()`,
  };
  const raised = exceptionOf(event.call, event.errno);
  return {
    call: `${texts[event.call]}  # raises ${raised}`,
    explains: `${[event.errno, event.text].filter(Boolean).join(': ')}.`,
  };
}

/** Returns the calls that close a socket, or the one that shows that the peer has reset it. */
export function closedCalls({ cause }: EventOf<'closed'>, socket: string): ExplainedCall[] {
  const close = `${socket}.close()`;
  switch (cause) {
    case 'local':
      return [{ call: close, explains: 'Closes the socket: both directions end, and the descriptor is released.' }];
    case 'peer':
      return [{ call: close, explains: 'The peer had sent its FIN. Closing this side ends the connection.' }];
    case 'stopped':
      return [{ call: close, explains: 'The socket was closed because its server or Wirebench stopped.' }];
    case 'timeout':
      return [{ call: close, explains: 'The socket was closed because a time limit expired.' }];
    case 'failed':
      return [{ call: close, explains: 'A call failed, and the descriptor was released.' }];
    case 'reset-by-us':
      return [
        {
          call: `${socket}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))`,
          explains: 'Makes close() return immediately and discard the bytes that are still queued.',
        },
        { call: close, explains: 'Sends RST instead of FIN: the peer’s next call fails with ECONNRESET.' },
      ];
    case 'reset-by-peer':
      return [
        {
          call: `${receive(socket, 0)}  # raises ConnectionResetError`,
          explains: 'The peer sent RST: the connection ends immediately, and bytes in transit are lost.',
        },
      ];
    default:
      return assertNever(cause);
  }
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
