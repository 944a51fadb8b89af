import type { SocketView } from '#shared/contract/models.ts';
import { endingOf } from '#shared/socket/state.ts';
import type { OwnedSocket } from './endpoints/endpoint.ts';

/** Returns the view of a socket for the page. */
export function socketView(socket: OwnedSocket): SocketView {
  const { lifecycle, connection } = socket;
  const { info, state } = lifecycle;
  const received = connection?.received;
  const sent = connection?.sent;
  return {
    id: lifecycle.id,
    endpoint: socket.endpoint,
    role: info.role,
    transport: info.transport,
    framing: info.framing,
    badFrame: received?.badFrame ?? 'resynchronise',
    framingStopped: received?.framingStopped ?? false,
    incomplete: received?.incomplete && { ...received.incomplete, overdue: received.overdue },
    security: state.security,
    state: state.word,
    local: info.local,
    peer: info.peer,
    bytesIn: received?.bytes ?? 0,
    bytesOut: sent?.bytes ?? 0,
    messagesIn: received?.messages ?? 0,
    messagesOut: sent?.messages ?? 0,
    queued: sent?.queued ?? 0,
    writeEnded: state.writeEnded,
    readEnded: state.readEnded,
    readingStopped: connection?.readingStopped ?? false,
    ended: endingOf(state),
  };
}
