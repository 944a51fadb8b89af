import { assertNever } from '#shared/assert-never.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { endingText } from '#shared/socket/ending.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { countOf } from '../../ui/figures.ts';

/** How an endpoint is, behind its state's word. `now`: milliseconds since the epoch. */
export function stateDetail(
  view: EndpointView | undefined,
  role: 'server' | 'client',
  socket: SocketView | undefined,
  now: number,
): string {
  if (!view) return role === 'server' ? 'not launched yet' : 'not connected yet';
  const { config } = view;
  const target = abilitiesOf(config.transport).host ? `${config.host}:${config.port}` : config.path;
  switch (view.state) {
    case 'listening':
      return `on ${view.address}, ${countOf(view.peers, 'peer')}`;
    case 'bound':
      return `to ${view.address}, ${view.peers === 0 ? 'nobody heard of yet' : countOf(view.peers, 'peer')}`;
    case 'waiting':
      return waitingText(view.retry, target, now);
    case 'connecting':
    case 'opening':
      return role === 'server' ? '' : `to ${target}`;
    case 'connected':
      return `to ${view.address || target}${fromText(socket)}`;
    case 'half-closed':
      if (!socket) return view.address;
      return socket.writeEnded
        ? 'we have sent our FIN and still receive'
        : 'the peer has sent its FIN; we may still send';
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
  return socket?.local && socket.transport !== 'local' ? ` from ${socket.local}` : '';
}

function waitingText(retry: EndpointView['retry'], target: string, now: number): string {
  if (!retry) return `to connect to ${target} again`;
  const seconds = Math.max(0, Math.ceil((retry.at - now) / 1_000));
  return `to connect to ${target} again in ${seconds} s, attempt ${retry.attempt}`;
}

/** What stands still or waits on a socket, in words; empty where nothing does. */
export function socketNotes(socket: SocketView | undefined): string[] {
  if (!socket) return [];
  const notes: string[] = [];
  if (socket.readingStopped) notes.push('reading is stopped: what comes waits in the kernel, then at the peer');
  if (socket.framingStopped) notes.push('the framing has stopped: what comes is recorded as it is read');
  if (socket.queued > 0) notes.push(`${countOf(socket.queued, 'byte')} unsent`);
  return notes;
}

/** What it means that the accept queue of a server has overflowed; empty where it has not. */
export function overflowText(dropped: number): string {
  if (dropped === 0) return '';
  return `the accept queue overflowed: ${countOf(dropped, 'connection attempt')} dropped; connect() retries after 1 s or more`;
}

/** What it means that a server does not accept(), and how many have come meanwhile where the system tells. */
export function backlogText(backlog: number, waiting: number | undefined): string {
  const now =
    waiting === undefined ? '' : ` ${countOf(waiting, 'client')} ${waiting === 1 ? 'waits' : 'wait'} there now.`;
  return `accept() is not called: about ${countOf(backlog + 1, 'client')} can connect and wait in the backlog; when it is full, connect() of the next one gets no answer.${now}`;
}
