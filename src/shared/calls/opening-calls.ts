import type { SocketInfo } from '../record/record.ts';
import type { Address, SocketEvent } from '../socket/event.ts';
import { type ExplainedCall, quote, tuple } from './python-words.ts';

type EventOf<Kind extends SocketEvent['kind']> = Extract<SocketEvent, { readonly kind: Kind }>;

/** Returns the calls that create a listener: socket(), bind(), listen(). */
export function listeningCalls(
  { local, backlog, backlogCap }: EventOf<'listening'>,
  socket: string,
  info: SocketInfo | undefined,
): ExplainedCall[] {
  const capped = backlogCap === undefined ? '' : ' The system limits the backlog to that number.';
  return [
    creation(socket, local, info),
    bindCall(socket, local),
    {
      call: `${socket}.listen(${backlog})`,
      explains: `Starts listening. The kernel completes handshakes on its side and queues up to ${backlogCap ?? backlog} established connections until accept() is called (the backlog).${capped}`,
    },
  ];
}

/** Returns the call that resolved a name. */
export function resolvedCall({ name, addresses }: EventOf<'resolved'>): ExplainedCall {
  return {
    call: `socket.getaddrinfo(${quote(name)}, None)`,
    explains: `Resolves the name. It has these addresses: ${addresses.map(({ host }) => host).join(', ')}.`,
  };
}

/** Returns the calls that start an outgoing connection: socket(), connect(). */
export function connectingCalls(
  event: EventOf<'connecting'>,
  socket: string,
  info: SocketInfo | undefined,
): ExplainedCall[] {
  const explains = connectingText(event, info);
  return [creation(socket, event.peer, info), { call: `${socket}.connect(${tuple(event.peer)})`, explains }];
}

function connectingText({ attempt, of }: EventOf<'connecting'>, info: SocketInfo | undefined): string {
  if (info?.transport === 'udp') {
    return 'Sends nothing. The kernel stores the peer’s address: send() sends to it, and recv() returns datagrams from it only.';
  }
  if (info?.transport === 'local') return 'Requests a connection from the program that listens at this path.';
  return `Sends a SYN and waits for the peer’s answer${of > 1 ? ` (address ${attempt} of ${of})` : ''}.`;
}

/** Returns the accept() that returned a connection. */
export function acceptedCall({ peer }: EventOf<'accepted'>): ExplainedCall {
  return {
    call: `connection, client_address = server_socket.accept()  # ${tuple(peer)}`,
    explains:
      'Returns the next completed connection from the accept queue: a new socket for this client, separate from the listening one, and the client’s address.',
  };
}

/** Returns the connect() that has returned. */
export function openedCall(event: EventOf<'opened'>, socket: string, info: SocketInfo | undefined): ExplainedCall {
  return {
    call: `${socket}.connect(${tuple(event.peer)})  # returned after ${event.elapsedMs.toFixed(1)} ms`,
    explains: openedText(event, info),
  };
}

function openedText({ local, why }: EventOf<'opened'>, info: SocketInfo | undefined): string {
  const used = why ? ` This address was used: ${why}.` : '';
  if (local.family === 'local') return `The connection is in the backlog of the server’s program.${used}`;
  const ours = `The kernel assigned the local address ${local.host} and port ${local.port}.`;
  return `${info?.transport === 'udp' ? '' : 'The three-way handshake is complete. '}${ours}${used}`;
}

/** Returns the calls that create a bound UDP socket: socket(), bind(), and setsockopt() where it joined a multicast group. */
export function boundCalls(
  { local, joined }: EventOf<'bound'>,
  socket: string,
  info: SocketInfo | undefined,
): ExplainedCall[] {
  const join: ExplainedCall = {
    call: `${socket}.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, …)  # ${joined}`,
    explains: 'Joins the multicast group: the socket also receives datagrams sent to the group.',
  };
  return [creation(socket, local, info), bindCall(socket, local), ...(joined ? [join] : [])];
}

/** Returns the recvfrom() that returned the first datagram of a peer. */
export function peerAddedCall({ peer }: EventOf<'peer-added'>, socket: string): ExplainedCall {
  return {
    call: `data, address = ${socket}.recvfrom(65535)  # ${tuple(peer)}`,
    explains:
      'UDP has no accept(): one socket serves every peer, and recvfrom() returns the sender’s address with each datagram. Wirebench groups the datagrams by that address.',
  };
}

/** Returns what a program does between two attempts to connect. */
export function waitingCall({ attempt, delayMs }: EventOf<'waiting'>): ExplainedCall {
  return {
    call: `time.sleep(${delayMs / 1_000})`,
    explains: `A socket cannot be reused after a failed connect() or after close(): attempt ${attempt} creates a new one.`,
  };
}

function creation(socket: string, address: Address, info: SocketInfo | undefined): ExplainedCall {
  const isUdp = info?.transport === 'udp';
  const type = isUdp ? 'SOCK_DGRAM' : 'SOCK_STREAM';
  if (address.family === 'local') {
    return {
      call: `${socket} = socket.socket(socket.AF_UNIX, socket.${type})`,
      explains: 'Creates a local socket: its address is a path on this machine.',
    };
  }
  return {
    call: `${socket} = socket.socket(socket.${address.family === 6 ? 'AF_INET6' : 'AF_INET'}, socket.${type})`,
    explains: `Creates a ${isUdp ? 'UDP' : 'TCP'} socket for IPv${address.family}.`,
  };
}

function bindCall(socket: string, address: Address): ExplainedCall {
  return {
    call: `${socket}.bind(${tuple(address)})`,
    explains:
      address.family === 'local'
        ? 'Creates the path that clients connect to.'
        : 'Reserves this address and port for the socket.',
  };
}
