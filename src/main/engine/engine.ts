import { assertNever } from '#shared/assert-never.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { EndpointConfig } from '#shared/contract/endpoint-config.ts';
import { type Failure, fail, ok, type Result } from '#shared/contract/failure.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import { createEncoder, type Encoded } from '#shared/framing/list.ts';
import { type FramingSpec, formatFraming } from '#shared/framing/spec.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import { ChangeFeed } from './change-feed.ts';
import { Client } from './client.ts';
import type { Connection } from './connection.ts';
import type { Driver } from './driver.ts';
import type { Endpoint, EndpointContext, OwnedSocket } from './endpoint.ts';
import { Server } from './server.ts';
import { tcpDriver } from './tcp-driver.ts';

/** Closed sockets stay listed until this many newer ones of the same endpoint have closed. */
const keepClosed = 50;

export interface EngineOptions {
  readonly log: LogSink;
  /** Reads the file a server replies with. */
  readonly readReplyFile: (path: string) => Promise<Result<Uint8Array>>;
}

/** How one send went on one socket. */
export interface SendOutcome {
  readonly socket: number;
  readonly bytes: number;
  readonly error?: Failure;
}

/** All endpoints and sockets of this run. Knows no host and no page: calls come in, records and changes go out. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #sockets = new Map<number, OwnedSocket>();
  /** Endpoints that are being closed to be removed. */
  readonly #removing = new Set<string>();
  readonly #closedOf = new Map<string, Set<number>>();
  readonly #feed: ChangeFeed;
  #lastEndpoint = 0;
  #lastSocket = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#feed = new ChangeFeed({
      endpoint: (id) => this.#endpoints.get(id)?.view(),
      socket: (id) => viewOf(this.#sockets.get(id)),
    });
  }

  /** Calls `listener` with what changes, at most 30 times a second; gives the function that stops that. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  snapshot(): { endpoints: EndpointView[]; sockets: SocketView[] } {
    return {
      endpoints: [...this.#endpoints.values()].map((endpoint) => endpoint.view()),
      sockets: [...this.#sockets.values()].flatMap((socket) => viewOf(socket) ?? []),
    };
  }

  create(config: EndpointConfig): EndpointView {
    this.#lastEndpoint += 1;
    const id = `e${this.#lastEndpoint}`;
    const context = this.#contextOf(id, tcpDriver);
    const endpoint = config.role === 'server' ? new Server(context, config) : new Client(context, config);
    this.#endpoints.set(id, endpoint);
    this.#feed.endpointChanged(id);
    return endpoint.view();
  }

  /** Changes an endpoint. While it is open only its name, behaviour and half-open choice may change. */
  update(id: string, config: EndpointConfig): Result<EndpointView> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    if (endpoint.config.role !== config.role) return fail('bad-input', 'A server cannot become a client');
    if (endpoint.active && !sameWhileOpen(endpoint.config, config)) {
      return fail('wrong-state', `Could not change “${endpoint.config.name}” while it is open`, {
        hint: config.role === 'server' ? 'Stop it, change it, launch it again.' : 'Disconnect it first.',
      });
    }
    endpoint.config = config;
    this.#feed.endpointChanged(id);
    return ok(endpoint.view());
  }

  async remove(id: string): Promise<Result<Record<string, never>>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint || this.#removing.has(id)) return noEndpoint(id);
    // From now on it cannot be opened: what it would open nobody could close.
    this.#removing.add(id);
    await endpoint.close().finally(() => this.#removing.delete(id));
    this.#endpoints.delete(id);
    this.#closedOf.delete(id);
    for (const [socketId, socket] of this.#sockets) {
      if (socket.endpoint !== id) continue;
      this.#sockets.delete(socketId);
      this.#feed.socketChanged(socketId);
    }
    this.#feed.endpointChanged(id);
    return ok({});
  }

  /** Launches a server or connects a client; answers when it listens, is connected, or could not be. */
  async open(id: string): Promise<Result<EndpointView>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint || this.#removing.has(id)) return noEndpoint(id);
    if (endpoint.active) return fail('wrong-state', `“${endpoint.config.name}” is open already`);
    const error = await endpoint.open();
    return error ? { ok: false, error } : ok(endpoint.view());
  }

  async close(id: string): Promise<Result<EndpointView>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    await endpoint.close();
    return ok(endpoint.view());
  }

  /** Sends one message to each socket; answers when each has handed it to the kernel or failed. */
  send(sockets: readonly number[], bytes: Uint8Array, frame: boolean): Promise<SendOutcome[]> {
    const encode = createEncoder(bytes, frame);
    return Promise.all(sockets.map((id) => this.#sendTo(id, bytes.length, encode)));
  }

  shutdown(id: number): Result<Record<string, never>> {
    return this.#act(id, 'shut down writing on', (connection) => connection.shutdown());
  }

  closeSocket(id: number): Result<Record<string, never>> {
    return this.#act(id, 'close', (connection) => connection.close());
  }

  reset(id: number): Result<Record<string, never>> {
    return this.#act(id, 'reset', (connection) => connection.reset());
  }

  /** Ends every endpoint; resolves when all their sockets are closed and recorded. */
  async stop(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
    this.#feed.stop();
  }

  async #sendTo(id: number, length: number, encode: (framing: FramingSpec) => Encoded): Promise<SendOutcome> {
    const found = this.#openConnection(id, 'send to');
    if (!found.ok) return { socket: id, bytes: 0, error: found.error };
    const connection = found.value;
    const { local, peer } = connection.lifecycle.info;
    const tried = `Could not send ${length} bytes to ${peer === '' ? local : peer}`;
    if (this.#options.log.stalled) {
      const system = 'the session’s file cannot be written, and the memory for what waits is full';
      const hint = 'Make room on the disk and retry, or choose another place for the session; then send again.';
      return { socket: id, bytes: 0, error: fail('wrong-state', tried, { system, hint }).error };
    }
    const { writeEnding } = connection;
    if (writeEnding !== '') {
      const hint = 'Connect again to send more.';
      return { socket: id, bytes: 0, error: fail('wrong-state', tried, { system: writeEnding, hint }).error };
    }
    const sending = connection.send(encode);
    if (!sending) {
      const system = `${connection.queued} bytes wait to be sent already, and the limit (maxQueued) is in the way`;
      const hint = 'Wait until the peer has taken them, or raise the limit.';
      return { socket: id, bytes: 0, error: fail('too-large', tried, { system, hint }).error };
    }
    const sent = await sending;
    if (sent.complete) return { socket: id, bytes: sent.bytes };
    const { cause, errno } = connection.lifecycle.state;
    const how = errno ?? cause ?? 'closed';
    const system = `the connection ended (${how}) after ${sent.bytes} bytes had been handed to the system`;
    return {
      socket: id,
      bytes: sent.bytes,
      error: fail(cause?.startsWith('reset') ? 'reset' : 'closed', tried, {
        system,
        hint: 'Connect again and send once more.',
      }).error,
    };
  }

  #act(id: number, verb: string, act: (connection: Connection) => void): Result<Record<string, never>> {
    const found = this.#openConnection(id, verb);
    if (!found.ok) return found;
    act(found.value);
    return ok({});
  }

  #openConnection(id: number, verb: string): Result<Connection> {
    const connection = this.#sockets.get(id)?.connection;
    if (connection && !connection.lifecycle.closed) return ok(connection);
    return fail('wrong-state', `Could not ${verb} socket ${id}`, {
      system: connection ? 'it is closed' : 'it is not a connection that is open',
      hint: 'Choose a connection that is open.',
    });
  }

  #contextOf(id: string, driver: Driver): EndpointContext {
    return {
      id,
      log: this.#options.log,
      driver,
      readReplyFile: this.#options.readReplyFile,
      nextSocketId: () => {
        this.#lastSocket += 1;
        return this.#lastSocket;
      },
      changed: () => this.#feed.endpointChanged(id),
      socketChanged: (socketId) => {
        this.#feed.socketChanged(socketId);
        if (this.#sockets.get(socketId)?.lifecycle.closed) this.#retire(id, socketId);
      },
      adopt: (socket) => {
        this.#sockets.set(socket.lifecycle.id, socket);
        this.#feed.socketChanged(socket.lifecycle.id);
      },
    };
  }

  /** A socket has closed: forgets the oldest closed one of its endpoint where too many are kept. */
  #retire(endpoint: string, socketId: number): void {
    const closed = this.#closedOf.get(endpoint) ?? new Set();
    this.#closedOf.set(endpoint, closed);
    closed.add(socketId);
    if (closed.size <= keepClosed) return;
    for (const oldest of closed) {
      closed.delete(oldest);
      this.#sockets.delete(oldest);
      this.#feed.socketChanged(oldest);
      return;
    }
  }
}

function noEndpoint(id: string): { readonly ok: false; readonly error: Failure } {
  return fail('not-found', `There is no endpoint “${id}”`, { hint: 'It may have been removed.' });
}

function sameWhileOpen(before: EndpointConfig, after: EndpointConfig): boolean {
  return JSON.stringify(fixedPart(before)) === JSON.stringify(fixedPart(after));
}

/** What cannot change while an endpoint is open. */
function fixedPart(config: EndpointConfig): readonly unknown[] {
  const shared = [config.host, config.port, formatFraming(config.framing), Object.entries(config.limits).sort()];
  switch (config.role) {
    case 'server':
      return [...shared, config.backlog];
    case 'client':
      return [...shared, config.localHost, config.localPort, config.connectTimeoutMs];
    default:
      return assertNever(config);
  }
}

function viewOf(socket: OwnedSocket | undefined): SocketView | undefined {
  if (!socket) return undefined;
  const { lifecycle, connection } = socket;
  const { info, state } = lifecycle;
  return {
    id: lifecycle.id,
    endpoint: socket.endpoint,
    role: info.role,
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
  };
}
