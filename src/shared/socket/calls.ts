import { assertNever } from '../assert-never.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import type { Address, SocketCall, SocketEvent } from './event.ts';

/** One call of the Berkeley interface as a Python program would make it, and what it does. */
export interface ExplainedCall {
  readonly call: string;
  readonly explains: string;
}

/**
 * The calls that a record stands for, in the words of Python's `socket` module. Wirebench itself makes the same system
 * calls through libuv; what Python would name differently at most is the buffer's size. Pure; `info` may be unknown.
 */
export function callsOf(row: Pick<Row, 'kind' | 'length' | 'event'>, info: SocketInfo | undefined): ExplainedCall[] {
  const socket = info?.role === 'listener' ? 'server_socket' : 'client_socket';
  if (row.kind === 'in') return received(socket, row.length, info?.framing ?? 'raw');
  if (row.kind === 'out') {
    return [
      {
        call: `${socket}.sendall(data)  # ${bytesText(row.length)}`,
        explains:
          'Hands the bytes to the kernel, which sends them in its own time and its own pieces. send() may take only a part and says how much; sendall() goes on until all are taken.',
      },
    ];
  }
  return row.event ? eventCalls(row.event, socket, info) : [];
}

function received(socket: string, length: number, framing: string): ExplainedCall[] {
  const cut =
    framing === 'raw'
      ? 'TCP has no messages: one recv() returns whatever has arrived, which may be a part of what the peer sent, or several sends at once.'
      : `The framing “${framing}” cut this message out of the stream; one recv() may return a part of a message or several.`;
  return [{ call: `data = ${socket}.recv(1024)  # ${bytesText(length)}`, explains: cut }];
}

function eventCalls(event: SocketEvent, socket: string, info: SocketInfo | undefined): ExplainedCall[] {
  switch (event.kind) {
    case 'listening':
      return [
        creation(socket, event.local),
        {
          call: `${socket}.bind(${tuple(event.local)})`,
          explains: 'Takes the address and port on this machine, so that nobody else can.',
        },
        {
          call: `${socket}.listen(${event.backlog})`,
          explains: `Starts listening. The kernel completes handshakes by itself and holds up to ${event.backlog} connections that are not yet accepted: the backlog.`,
        },
      ];
    case 'resolved':
      return [
        {
          call: `socket.getaddrinfo(${quote(event.name)}, None)`,
          explains: `Asked the resolver for the name's addresses: ${event.addresses.map(({ host }) => host).join(', ')}.`,
        },
      ];
    case 'connecting':
      return [
        creation(socket, event.peer),
        {
          call: `${socket}.connect(${tuple(event.peer)})`,
          explains: `Sends a SYN and waits for the peer's answer${event.of > 1 ? ` (address ${event.attempt} of ${event.of})` : ''}.`,
        },
      ];
    case 'accepted':
      return [
        {
          call: `client_socket, client_address = server_socket.accept()  # ${tuple(event.peer)}`,
          explains:
            'Takes a finished connection from the backlog: a new socket for this client, apart from the listening one, and the client’s address.',
        },
      ];
    case 'opened':
      return [
        {
          call: `${socket}.connect(${tuple(event.peer)})  # returned after ${event.elapsedMs.toFixed(1)} ms`,
          explains: `The three-way handshake is done. The kernel gave our side the address ${event.local.host} and port ${event.local.port}.`,
        },
      ];
    case 'shutdown':
      return [
        {
          call: `${socket}.shutdown(socket.SHUT_WR)`,
          explains: 'Sends a FIN: we will send nothing more, but still receive. The peer’s recv() returns b"".',
        },
      ];
    case 'ended':
      return [
        {
          call: `${socket}.recv(1024)  # b''`,
          explains: 'The peer has sent its FIN: it sends nothing more. An empty bytes object is how recv() says so.',
        },
      ];
    case 'paused':
      return [
        {
          call: '# recv() is not called for now',
          explains: `${event.reason}. The kernel’s receive buffer fills, the window closes, and the sender has to wait.`,
        },
      ];
    case 'resumed':
      return [{ call: `data = ${socket}.recv(1024)`, explains: 'Reading goes on.' }];
    case 'limited':
      return [{ call: `# limit: ${event.limit}`, explains: event.text }];
    case 'problem':
      return [{ call: '# no call: Wirebench itself met a problem', explains: event.text }];
    case 'failed':
      return [failedCall(event, socket, info)];
    case 'closed':
      return closedCalls(event, socket);
    default:
      return assertNever(event);
  }
}

function creation(socket: string, address: Address): ExplainedCall {
  const family = address.family === 6 ? 'AF_INET6' : 'AF_INET';
  return {
    call: `${socket} = socket.socket(socket.${family}, socket.SOCK_STREAM)`,
    explains: `Makes a TCP socket for IPv${address.family}.`,
  };
}

const exceptions: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'ConnectionRefusedError',
  ECONNRESET: 'ConnectionResetError',
  ECONNABORTED: 'ConnectionAbortedError',
  EPIPE: 'BrokenPipeError',
  EACCES: 'PermissionError',
  EPERM: 'PermissionError',
  ETIMEDOUT: 'TimeoutError',
};

/** The exception Python raises for an errno of `call`. */
function exceptionOf(call: SocketCall, errno: string): string {
  if (call === 'getaddrinfo') return 'socket.gaierror';
  return Object.hasOwn(exceptions, errno) ? (exceptions[errno] as string) : 'OSError';
}

function failedCall(
  event: SocketEvent & { kind: 'failed' },
  socket: string,
  info: SocketInfo | undefined,
): ExplainedCall {
  const address = event.address ? tuple(event.address) : '';
  const texts: Record<SocketCall, string> = {
    getaddrinfo: `socket.getaddrinfo(${quote(event.address?.host ?? hostOf(info?.peer ?? ''))}, None)`,
    socket: 'socket.socket()',
    bind: `${socket}.bind(${address})`,
    listen: `${socket}.listen()`,
    accept: `${socket}.accept()`,
    connect: `${socket}.connect(${address})`,
    send: `${socket}.send(data)`,
    recv: `${socket}.recv(1024)`,
    shutdown: `${socket}.shutdown(socket.SHUT_WR)`,
    close: `${socket}.close()`,
  };
  const raised = exceptionOf(event.call, event.errno);
  return {
    call: `${texts[event.call]}  # raises ${raised}`,
    explains: `${[event.errno, event.text].filter(Boolean).join(': ')}.`,
  };
}

function closedCalls(event: SocketEvent & { kind: 'closed' }, socket: string): ExplainedCall[] {
  const close = `${socket}.close()`;
  switch (event.cause) {
    case 'local':
      return [{ call: close, explains: 'Closes the socket: both directions end and the descriptor is given back.' }];
    case 'peer':
      return [{ call: close, explains: 'The peer had ended its side; with this ours is closed as well.' }];
    case 'stopped':
      return [{ call: close, explains: 'Its server or the program was stopped, so the socket was closed.' }];
    case 'timeout':
      return [{ call: close, explains: 'A limit in time ran out, so the socket was closed.' }];
    case 'failed':
      return [{ call: close, explains: 'A call failed, and the socket was given back.' }];
    case 'reset-by-us':
      return [
        {
          call: `${socket}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))`,
          explains: 'Says that closing shall not wait and not send what is queued.',
        },
        { call: close, explains: 'Sends RST instead of FIN: the peer’s next call fails with ECONNRESET.' },
      ];
    case 'reset-by-peer':
      return [
        {
          call: `${socket}.recv(1024)  # raises ConnectionResetError`,
          explains: 'The peer sent RST: the connection is gone at once, with what was still on its way.',
        },
      ];
    default:
      return assertNever(event.cause);
  }
}

/** An address as Python writes it: `('127.0.0.1', 12345)`. */
function tuple(address: Address): string {
  return `(${quote(address.host)}, ${address.port})`;
}

/** A Python string literal. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

function bytesText(length: number): string {
  return length === 1 ? '1 byte' : `${length} bytes`;
}
