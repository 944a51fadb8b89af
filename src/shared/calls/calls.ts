import { assertNever } from '../assert-never.ts';
import { messageFlags } from '../message/flags.ts';
import type { Row, SocketInfo } from '../record/record.ts';
import type { Address, SocketCall, SocketEvent } from '../socket/event.ts';
import { isPartOfHandshake, partOfHandshake, upgradedCalls } from './handshake-calls.ts';
import { type MessageRead, receivedCalls, sentCalls } from './message-calls.ts';
import { type ExplainedCall, quote, receive, tuple, variableOf } from './python-words.ts';

/**
 * The calls that a record stands for, in the words of Python's `socket` module. Wirebench itself makes the same system
 * calls through libuv. Pure; `info` may be unknown.
 */
export function callsOf(
  row: Pick<Row, 'kind' | 'length' | 'event'> & Partial<Pick<Row, 'flags'>>,
  info: SocketInfo | undefined,
  { reads = [], whole = 0, request = [] }: CallFacts = {},
): ExplainedCall[] {
  const isCutOff = ((row.flags ?? 0) & messageFlags.incomplete) !== 0;
  if (row.kind === 'in') return receivedCalls(row.length, info, reads, isCutOff ? { whole } : undefined);
  if (row.kind === 'out') return sentCalls(row.length, info);
  if (!row.event) return [];
  if (row.event.kind === 'upgraded') return upgradedCalls(row.event, info, request);
  const calls = eventCalls(row.event, variableOf(info), info);
  return isPartOfHandshake(row.event, info) ? calls.map((call) => partOfHandshake(call, info)) : calls;
}

/** What is known of a record beside its row. */
interface CallFacts {
  /** The reads that brought a received message, in order. */
  readonly reads?: readonly MessageRead[];
  /** How long an incomplete message says that it is; 0 where it does not say. */
  readonly whole?: number;
  /** The lines of the request with which a WebSocket's handshake began. */
  readonly request?: readonly string[];
}

function eventCalls(event: SocketEvent, socket: string, info: SocketInfo | undefined): ExplainedCall[] {
  switch (event.kind) {
    case 'listening':
      return [
        creation(socket, event.local, info),
        bindCall(socket, event.local),
        {
          call: `${socket}.listen(${event.backlog})`,
          explains: `Starts listening. The kernel completes handshakes by itself and holds up to ${event.backlogCap ?? event.backlog} connections that are not yet accepted: the backlog${event.backlogCap === undefined ? '' : ', which the system caps at that'}.`,
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
        creation(socket, event.peer, info),
        {
          call: `${socket}.connect(${tuple(event.peer)})`,
          explains:
            info?.transport === 'udp'
              ? 'Sends nothing: the kernel notes the peer, to whom send() goes and from whom alone recv() takes.'
              : info?.transport === 'local'
                ? 'Asks the program that listens at this path for a connection.'
                : `Sends a SYN and waits for the peer's answer${event.of > 1 ? ` (address ${event.attempt} of ${event.of})` : ''}.`,
        },
      ];
    case 'accepted':
      return [
        {
          call: `connection, client_address = server_socket.accept()  # ${tuple(event.peer)}`,
          explains:
            'Returns the next completed connection from the accept queue: a new socket for this client, apart from the listening one, and the client’s address.',
        },
      ];
    case 'opened':
      return [
        {
          call: `${socket}.connect(${tuple(event.peer)})  # returned after ${event.elapsedMs.toFixed(1)} ms`,
          explains: openedText(event, info),
        },
      ];
    case 'bound':
      return [
        creation(socket, event.local, info),
        bindCall(socket, event.local),
        ...(event.joined
          ? [
              {
                call: `${socket}.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, …)  # ${event.joined}`,
                explains: 'Joins the multicast group: what is sent to it arrives here too.',
              },
            ]
          : []),
      ];
    case 'peer-added':
      return [
        {
          call: `data, address = ${socket}.recvfrom(65535)  # ${tuple(event.peer)}`,
          explains:
            'UDP has no accept(): one socket serves every peer, and recvfrom() says whose datagram it is. Wirebench sorts them by address.',
        },
      ];
    case 'waiting':
      return [
        {
          call: `time.sleep(${event.delayMs / 1_000})`,
          explains: `A socket whose connect() failed or that is closed is of no more use: attempt ${event.attempt} makes a new one.`,
        },
      ];
    case 'secured':
      return [
        {
          call:
            info?.role === 'accepted'
              ? `${socket} = context.wrap_socket(${socket}, server_side=True)  # ${event.protocol}`
              : `${socket} = context.wrap_socket(${socket}, server_hostname=${quote(event.serverName)})  # ${event.protocol}`,
          explains: `The TLS handshake: both sides agreed on ${event.protocol} and ${event.cipher}. ${event.trust}. From here on what is sent is encrypted.`,
        },
      ];
    case 'upgraded':
      return upgradedCalls(event, info, []);
    case 'http':
      return [
        {
          call: event.way === 'sent' ? `${socket}.sendall(request)` : `answer = ${socket}.recv(65536)`,
          explains: `${event.way === 'sent' ? 'Sends' : 'Receives'} an HTTP message of the WebSocket handshake: ${event.lines[0] ?? ''}.`,
        },
      ];
    case 'control':
      return [
        {
          call: event.way === 'sent' ? `websocket.${event.frame}()` : '# no call',
          explains:
            event.frame === 'ping'
              ? 'A ping asks the other side for a pong, which WebSocket libraries send without being asked.'
              : 'A pong answers a ping with the same bytes: the connection is alive.',
        },
      ];
    case 'reframed':
      return [
        { call: '# no call', explains: `Messages are cut as “${event.framing}” from here on; the bytes are the same.` },
      ];
    case 'malformed':
      return [
        {
          call: '# no call',
          explains: `What ${event.way === 'sent' ? 'send() took' : 'recv() returned'} does not follow the framing “${event.framing}”: ${event.text}.`,
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
          call: `${receive(socket, 0)}  # b''`,
          explains: 'The peer has sent its FIN: it sends nothing more. An empty bytes object is how recv() says so.',
        },
      ];
    case 'paused':
      if (isListener(info)) return [{ call: '# accept() is not called for now', explains: `${event.reason}.` }];
      return [
        {
          call: '# recv() is not called for now',
          explains: `${event.reason}. The kernel’s receive buffer fills, the window closes, and the sender has to wait.`,
        },
      ];
    case 'resumed':
      if (isListener(info)) {
        const explains = 'Accepting goes on: each call takes one connection out of the backlog.';
        return [{ call: `connection, client_address = ${socket}.accept()`, explains }];
      }
      return [{ call: `data = ${receive(socket, 0)}`, explains: 'Reading goes on.' }];
    case 'limited':
      return [{ call: `# no call: limit ${event.limit}`, explains: event.text }];
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

function creation(socket: string, address: Address, info: SocketInfo | undefined): ExplainedCall {
  const isUdp = info?.transport === 'udp';
  const type = isUdp ? 'SOCK_DGRAM' : 'SOCK_STREAM';
  if (address.family === 'local') {
    return {
      call: `${socket} = socket.socket(socket.AF_UNIX, socket.${type})`,
      explains: 'Makes a local socket: its address is a path on this machine.',
    };
  }
  return {
    call: `${socket} = socket.socket(socket.${address.family === 6 ? 'AF_INET6' : 'AF_INET'}, socket.${type})`,
    explains: `Makes a ${isUdp ? 'UDP' : 'TCP'} socket for IPv${address.family}.`,
  };
}

function bindCall(socket: string, address: Address): ExplainedCall {
  return {
    call: `${socket}.bind(${tuple(address)})`,
    explains:
      address.family === 'local'
        ? 'Makes the path, at which others connect.'
        : 'Takes the address and port on this machine, so that nobody else can.',
  };
}

function openedText({ local, why }: Extract<SocketEvent, { kind: 'opened' }>, info: SocketInfo | undefined): string {
  const used = why ? ` This address was used: ${why}.` : '';
  if (local.family === 'local') return `The server’s program has the connection in its backlog.${used}`;
  const ours = `The kernel gave our side the address ${local.host} and port ${local.port}.`;
  return `${info?.transport === 'udp' ? '' : 'The three-way handshake is done. '}${ours}${used}`;
}

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

/** The exception Python raises for an errno of `call`. */
function exceptionOf(call: SocketCall, errno: string): string {
  if (call === 'getaddrinfo') return 'socket.gaierror';
  if (call === 'handshake' || errno.startsWith('ERR_')) return 'ssl.SSLError';
  return Object.hasOwn(exceptions, errno) ? (exceptions[errno] as string) : 'OSError';
}

function failedCall(
  event: SocketEvent & { kind: 'failed' },
  socket: string,
  info: SocketInfo | undefined,
): ExplainedCall {
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
          call: `${receive(socket, 0)}  # raises ConnectionResetError`,
          explains: 'The peer sent RST: the connection is gone at once, with what was still on its way.',
        },
      ];
    default:
      return assertNever(event.cause);
  }
}

/** What pauses on a listener is accept(): it has nothing to read. */
function isListener(info: SocketInfo | undefined): boolean {
  return info?.role === 'listener' && info.transport !== 'udp';
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
