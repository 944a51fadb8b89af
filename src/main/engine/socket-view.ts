import type { SocketView } from '#shared/contract/models.ts';
import { endingOf } from '#shared/socket/ending.ts';
import type { OwnedSocket } from './endpoints/endpoint.ts';

/** What the page is told of a socket. */
export function socketView(socket: OwnedSocket): SocketView {
  const { lifecycle, connection } = socket;
  const { info, state } = lifecycle;
  return {
    id: lifecycle.id,
    endpoint: socket.endpoint,
    role: info.role,
    transport: info.transport,
    framing: info.framing,
    badFrame: connection?.badFrame ?? 'resynchronise',
    framingStopped: connection?.framingStopped ?? false,
    security: state.security,
    state: state.word,
    local: info.local,
    peer: info.peer,
    bytesIn: connection?.bytesIn ?? 0,
    bytesOut: connection?.bytesOut ?? 0,
    messagesIn: connection?.messagesIn ?? 0,
    messagesOut: connection?.messagesOut ?? 0,
    queued: connection?.queued ?? 0,
    writeEnded: state.writeEnded,
    readEnded: state.readEnded,
    readingStopped: connection?.readingStopped ?? false,
    ended: endingOf(state),
  };
}
