import { assertNever } from '#shared/assert-never.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { endingText } from '#shared/socket/ending.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { strings } from './strings.ts';

const { state: words } = strings;

/** Returns the detail that follows the word for an endpoint's state. `now`: milliseconds since the epoch. */
export function stateDetail(
  view: EndpointView | undefined,
  role: 'server' | 'client',
  socket: SocketView | undefined,
  now: number,
): string {
  if (!view) return role === 'server' ? words.notLaunched : words.notConnected;
  const { config } = view;
  const target = abilitiesOf(config.transport).host ? `${config.host}:${config.port}` : config.path;
  switch (view.state) {
    case 'listening':
      return words.listening(view.address, view.peers);
    case 'bound':
      return words.bound(view.address, view.peers);
    case 'waiting':
      return waitingText(view.retry, target, now);
    case 'connecting':
    case 'opening':
      return role === 'server' ? '' : words.target(target);
    case 'connected':
      return words.target(view.address || target) + fromText(socket);
    case 'half-closed':
      if (!socket) return view.address;
      return socket.writeEnded ? words.finSent : words.finReceived;
    case 'closed':
    case 'reset':
    case 'failed':
      return view.ended ? endingText(view.ended, config.transport) : '';
    case 'idle':
      return '';
    default:
      return assertNever(view.state);
  }
}

function fromText(socket: SocketView | undefined): string {
  return socket?.local && socket.transport !== 'local' ? words.from(socket.local) : '';
}

function waitingText(retry: EndpointView['retry'], target: string, now: number): string {
  if (!retry) return words.reconnecting(target);
  const seconds = Math.max(0, Math.ceil((retry.at - now) / 1_000));
  return words.reconnectingIn(target, seconds, retry.attempt);
}

/** Returns notes on what is stopped or queued on a socket. */
export function socketNotes(socket: SocketView | undefined): string[] {
  if (!socket) return [];
  const notes: string[] = [];
  if (socket.readingStopped) notes.push(words.readingStopped);
  if (socket.framingStopped) notes.push(words.framingStopped);
  if (socket.queued > 0) notes.push(words.unsent(socket.queued));
  return notes;
}

/** Describes an overflow of a server's accept queue; empty if it has not overflowed. */
export function overflowText(dropped: number): string {
  return dropped === 0 ? '' : words.overflow(dropped);
}

/** Describes the backlog of a server that does not call accept(), with the number of waiting connections if the system reports it. */
export function backlogText(backlog: number, waiting: number | undefined): string {
  // Linux queues one connection more than the backlog.
  const slots = backlog + 1;
  return waiting === undefined ? words.backlog(slots) : words.backlogInUse(slots, waiting);
}
