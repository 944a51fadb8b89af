import { keptClosed } from '#shared/contract/limits.ts';
import type { SocketView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type BadFrame, formatFraming } from '#shared/framing/spec.ts';
import { endingOf } from '#shared/socket/state.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from './connection/connection.ts';
import type { OwnedSocket } from './endpoints/endpoint.ts';

/**
 * The sockets of all endpoints: the open ones, and the last closed ones of each endpoint. Passes commands to their
 * connections.
 */
export class Sockets {
  readonly #all = new Map<number, OwnedSocket>();
  /** The closed sockets of each endpoint, the oldest first. */
  readonly #closed = new Map<string, Set<number>>();
  readonly #changed: (id: number) => void;

  /** `changed` is called when the view of a socket has changed, or the socket is no longer listed. */
  constructor(changed: (id: number) => void) {
    this.#changed = changed;
  }

  get(id: number): OwnedSocket | undefined {
    return this.#all.get(id);
  }

  #of(endpoint: string): OwnedSocket[] {
    return [...this.#all.values()].filter((socket) => socket.endpoint === endpoint);
  }

  view(id: number): SocketView | undefined {
    const socket = this.#all.get(id);
    return socket && socketView(socket);
  }

  views(): SocketView[] {
    return [...this.#all.values()].map(socketView);
  }

  /** True while one of them is not closed. */
  get hasOpen(): boolean {
    return [...this.#all.values()].some((socket) => !socket.lifecycle.closed);
  }

  add(socket: OwnedSocket): void {
    this.#all.set(socket.lifecycle.id, socket);
    this.#changed(socket.lifecycle.id);
  }

  /** Handles a change of a socket. Of the closed sockets, only the last `keptClosed` of an endpoint stay listed. */
  changed(id: number): void {
    this.#changed(id);
    const socket = this.#all.get(id);
    if (!socket?.lifecycle.closed) return;
    const closed = this.#closed.get(socket.endpoint) ?? new Set();
    this.#closed.set(socket.endpoint, closed);
    closed.add(id);
    for (const oldest of closed) {
      if (closed.size <= keptClosed) return;
      closed.delete(oldest);
      this.#forget(oldest);
    }
  }

  /** Closes every connection, because the engine stops. */
  stop(): void {
    for (const { connection } of this.#all.values()) connection?.close('stopped');
  }

  /** Removes the closed sockets of an endpoint from the list. */
  clearClosed(endpoint: string): void {
    for (const id of this.#closed.get(endpoint) ?? []) this.#forget(id);
    this.#closed.delete(endpoint);
  }

  /** Removes all sockets of an endpoint from the list. */
  clear(endpoint: string): void {
    for (const socket of this.#of(endpoint)) this.#forget(socket.lifecycle.id);
    this.#closed.delete(endpoint);
  }

  /** Applies the framing to all sockets of an endpoint where it has changed (`reframed`), else only the handling of bad frames. */
  reframe(endpoint: string, { framing, badFrame }: EndpointConfig, reframed: boolean): void {
    for (const socket of this.#of(endpoint)) {
      if (abilitiesOf(socket.lifecycle.info.transport).messageOriented) continue;
      const { connection } = socket;
      if (!reframed) connection?.setBadFrame(badFrame);
      else if (connection) connection.reframe(framing, badFrame);
      else socket.lifecycle.describe({ framing: formatFraming(framing) });
    }
  }

  /** Checks the received messages of all open sockets of an endpoint with another checksum, also those received before; empty for none. */
  recheck(endpoint: string, checksum: string): void {
    for (const { lifecycle } of this.#of(endpoint)) {
      lifecycle.describe({ checksum: checksum === '' ? undefined : checksum });
    }
  }

  /** Calls `act` with an open connection. `needs` is an ability of its transport, with the hint where it does not have it. */
  act(
    id: number,
    verb: string,
    act: (connection: Connection) => void,
    needs: { readonly halfClose?: string; readonly reset?: string } = {},
  ): Result<Record<string, never>> {
    const found = this.openConnection(id, verb);
    if (!found.ok) return found;
    const { transport } = found.value.lifecycle.info;
    const abilities = abilitiesOf(transport);
    const hint = (abilities.halfClose ? undefined : needs.halfClose) ?? (abilities.reset ? undefined : needs.reset);
    if (hint !== undefined) {
      return fail('unsupported', `Could not ${verb} socket ${id}`, {
        system: `${transport} does not support it`,
        hint,
      });
    }
    act(found.value);
    return ok({});
  }

  /** Sends a ping with a `payload` of up to 125 bytes. Fails where the transport has no pings, and on a connection that is ending. */
  ping(id: number, payload: Uint8Array): Result<Record<string, never>> {
    const found = this.openConnection(id, 'send a ping on');
    if (!found.ok) return found;
    if (found.value.ping(payload)) return ok({});
    const { transport } = found.value.lifecycle.info;
    const tried = `Could not send a ping on socket ${id}`;
    if (transport === 'ws' || transport === 'wss') {
      return fail('wrong-state', tried, { system: 'the connection is not open', hint: 'Connect again.' });
    }
    return fail('unsupported', tried, { system: `${transport} has no pings`, hint: 'Use a WebSocket.' });
  }

  /** Applies another framing to a socket from here on; where framing has stopped, restarts it. Returns its connection. */
  frame(id: number, framing: FramingSpec, badFrame?: BadFrame): Result<Connection> {
    const found = this.openConnection(id, 'change the framing of');
    if (!found.ok) return found;
    if (abilitiesOf(found.value.lifecycle.info.transport).messageOriented) {
      return fail('unsupported', `Could not change the framing of socket ${id}`, {
        system: 'the transport carries messages',
        hint: 'Framing applies to streams only; datagrams and WebSocket messages are received as they were sent.',
      });
    }
    found.value.reframe(framing, badFrame);
    return found;
  }

  /** Returns the open connection of a socket; fails with “Could not `verb` socket …” if none exists. */
  openConnection(id: number, verb: string): Result<Connection> {
    const connection = this.get(id)?.connection;
    if (connection && !connection.lifecycle.closed) return ok(connection);
    return fail('wrong-state', `Could not ${verb} socket ${id}`, {
      system: connection ? 'the connection is closed' : 'it is not an open connection',
      hint: 'Select an open connection.',
    });
  }

  #forget(id: number): void {
    this.#all.delete(id);
    this.#changed(id);
  }
}

/** Returns the view of a socket for the page. */
function socketView(socket: OwnedSocket): SocketView {
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
