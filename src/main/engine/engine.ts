import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { maxWaitingBytes } from '#shared/contract/limits.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { missingSecrets, withSecrets } from '#shared/endpoint/secrets.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type BadFrame, formatFraming } from '#shared/framing/spec.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { Address } from '#shared/socket/address.ts';
import { abilitiesOf, type Transport } from '#shared/socket/transports.ts';
import { ChangeFeed } from './change-feed.ts';
import type { Connection } from './connections/connection.ts';
import { pingOn } from './connections/ping.ts';
import type { Diagnosis, Trouble } from './doctor/diagnosis.ts';
import type { Driver } from './drivers/driver.ts';
import { createDrivers } from './drivers/drivers.ts';
import { type FileOf, withPaths } from './endpoint-files.ts';
import { Client } from './endpoints/client.ts';
import type { CloseOptions, Endpoint, EndpointContext } from './endpoints/endpoint.ts';
import { type SendOutcome, type SendRequest, sendTo } from './endpoints/sending.ts';
import { Server } from './endpoints/server.ts';
import { failureOf } from './failures.ts';
import { Sockets } from './sockets.ts';

interface EngineOptions {
  readonly log: LogSink;
  /** Reads the file a server replies with. */
  readonly readReplyFile: (path: string) => Promise<Result<Uint8Array>>;
  /** The app's data folder, where a certificate made for this machine is kept; without it, it lives in memory. */
  readonly folder?: string | undefined;
  /** Finds the TLS files that configurations name; without it, they name paths. */
  readonly fileOf?: FileOf | undefined;
}

/** How long `stop` waits for peers that do not take what was sent. A host has 5 s to end. */
const stopGraceMs = 2_000;

/** All endpoints and sockets of this run. Knows no host and no page: calls come in, records and changes go out. */
export class Engine {
  readonly #options: EngineOptions;
  #log: LogSink;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #sockets = new Sockets((id) => this.#feed.socketChanged(id));
  /** Endpoints that are being closed to be removed. */
  readonly #removing = new Set<string>();
  readonly #feed: ChangeFeed;
  readonly #driverOf: (transport: Transport) => Driver;
  #lastEndpoint = 0;
  #lastSocket = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#driverOf = createDrivers(options);
    this.#feed = new ChangeFeed({
      endpoint: (id) => this.#endpoints.get(id)?.view(),
      socket: (id) => this.#sockets.view(id),
    });
  }

  /** Calls `listener` with what changes, at most 30 times a second; gives the function that stops that. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  snapshot(): { endpoints: EndpointView[]; sockets: SocketView[] } {
    return {
      endpoints: [...this.#endpoints.values()].map((endpoint) => endpoint.view()),
      sockets: this.#sockets.views(),
    };
  }

  /** True while an endpoint is open or a socket is: what happens next belongs to the present log. */
  get busy(): boolean {
    const isActive = [...this.#endpoints.values()].some((endpoint) => endpoint.active);
    return isActive || this.#removing.size > 0 || this.#sockets.hasOpen;
  }

  /**
   * Records to `log` from now on, and lists no closed sockets: their records are in the log before. Throws while the
   * engine is `busy`, because all records of a socket are in one log.
   */
  recordTo(log: LogSink): void {
    if (this.busy) throw new Error('the log changed while something was open');
    this.#log = log;
    for (const id of this.#endpoints.keys()) this.#sockets.clear(id);
  }

  create(given: EndpointConfig): EndpointView {
    const config = withSecrets(given);
    this.#lastEndpoint += 1;
    const id = `e${this.#lastEndpoint}`;
    const context = this.#contextOf(id);
    const endpoint = config.role === 'server' ? new Server(context, config) : new Client(context, config);
    this.#endpoints.set(id, endpoint);
    this.#feed.endpointChanged(id);
    return endpoint.view();
  }

  /**
   * Changes an endpoint. While it is open only its name, behaviour, framing (with what a bad frame does), half-open and
   * reconnect choices may change. A passphrase that `given` says is set, and does not name, stays, and so does a secret
   * that a mark stands for.
   */
  update(id: string, given: EndpointConfig): Result<EndpointView> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    const config = withSecrets(given, endpoint.config);
    const missing = missingSecrets(config);
    if (missing) return { ok: false, error: missing };
    if (endpoint.config.role !== config.role) return fail('bad-input', 'A server cannot become a client');
    if (endpoint.active && !sameWhileOpen(endpoint.config, config)) {
      return fail('wrong-state', `Could not change “${endpoint.config.name}” while it is open`, {
        hint: config.role === 'server' ? 'Stop it, change it, launch it again.' : 'Disconnect it first.',
      });
    }
    const { framing, badFrame } = endpoint.config;
    endpoint.config = config;
    const reframed = formatFraming(framing) !== formatFraming(config.framing);
    if (reframed || badFrame !== config.badFrame) this.#reframe(id, config, reframed);
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
    this.#sockets.clear(id);
    this.#feed.endpointChanged(id);
    return ok({});
  }

  /** Lists the closed sockets of an endpoint no longer; their records stay. */
  clear(id: string): Result<Record<string, never>> {
    if (!this.#endpoints.has(id)) return noEndpoint(id);
    this.#sockets.clearClosed(id);
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

  /** Ends an endpoint and what belongs to it; a server may let its connections live on. */
  async close(id: string, options: CloseOptions = {}): Promise<Result<EndpointView>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    await endpoint.close(options);
    return ok(endpoint.view());
  }

  /** Lets a server accept() or not. */
  setAccepting(id: string, accepting: boolean): Promise<Result<EndpointView>> | Result<EndpointView> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    if (endpoint instanceof Server) return endpoint.setAccepting(accepting);
    return fail('bad-input', 'A client does not accept connections', { hint: 'Choose a server.' });
  }

  /** Makes a peer of a bound UDP socket that has not been heard of; gives its socket. */
  addPeer(id: string, host: string, port: number): Promise<Result<{ socket: number }>> | Result<{ socket: number }> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    if (endpoint instanceof Server) return endpoint.addPeer(host, port);
    return fail('bad-input', 'A client has the peer it was made for', { hint: 'Make another client.' });
  }

  /** Sends one message to each socket; answers when each has handed it to the kernel or failed. */
  send(sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]> {
    const targets = sockets.map((socket) => {
      const found = this.#openConnection(socket, 'send to');
      return { socket, connection: found.ok ? found.value : found.error };
    });
    return sendTo(targets, request, this.#log.stalled);
  }

  /** Reads from a socket, or leaves what comes in the kernel. */
  setReading(id: number, reading: boolean): Result<Record<string, never>> {
    return this.#act(id, reading ? 'read from' : 'stop reading from', (connection) => connection.setReading(reading));
  }

  /** Cuts the messages of a socket otherwise from here on; where the framing has stopped, begins it again. */
  frame(id: number, framing: FramingSpec, badFrame?: BadFrame): Result<Record<string, never>> {
    const found = this.#openConnection(id, 'change the framing of');
    if (!found.ok) return found;
    if (abilitiesOf(found.value.lifecycle.info.transport).messageOriented) {
      return fail('unsupported', `Could not change the framing of socket ${id}`, {
        system: 'it carries messages of its own',
        hint: 'Framing cuts streams; datagrams and WebSocket messages come as they were sent.',
      });
    }
    found.value.reframe(framing, badFrame);
    this.#keepFraming(id, framing);
    return ok({});
  }

  /** Returns the first bytes that a socket has received of a message which is not complete, 16 KiB at most. */
  waitingBytes(id: number): Result<{ bytes: Uint8Array; length: number }> {
    const found = this.#openConnection(id, 'show the incomplete message of');
    return found.ok ? ok(found.value.received.waiting(maxWaitingBytes)) : found;
  }

  /** Ends our side (FIN) once all is sent, where the transport has such an end. */
  shutdown(id: number): Result<Record<string, never>> {
    const hint = 'Close it instead: it ends both sides.';
    return this.#act(id, 'shut down writing on', (connection) => connection.shutdown(), { halfClose: hint });
  }

  /** Sends a ping on a WebSocket; `payload` has at most 125 bytes. */
  ping(id: number, payload: Uint8Array): Result<Record<string, never>> {
    const found = this.#openConnection(id, 'send a ping on');
    return found.ok ? pingOn(found.value, payload) : found;
  }

  closeSocket(id: number): Result<Record<string, never>> {
    return this.#act(id, 'close', (connection) => connection.close());
  }

  /** Ends both sides at once with RST, where the transport has it. */
  reset(id: number): Result<Record<string, never>> {
    return this.#act(id, 'reset', (connection) => connection.reset(), { reset: 'Close it instead.' });
  }

  /** Ends every endpoint; resolves when all their sockets are closed and recorded. */
  async stop(): Promise<void> {
    const impatience = setTimeout(() => {
      // To close a connection a second time gives up what its peer does not take.
      for (const id of this.#endpoints.keys()) {
        for (const { connection } of this.#sockets.of(id)) connection?.close('stopped');
      }
    }, stopGraceMs);
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
    clearTimeout(impatience);
    this.#feed.stop();
  }

  /** A client has one socket, and one framing: it is the framing of its next connection as well. */
  #keepFraming(id: number, framing: FramingSpec): void {
    const socket = this.#sockets.get(id);
    const endpoint = socket && this.#endpoints.get(socket.endpoint);
    if (endpoint?.config.role !== 'client') return;
    endpoint.config = {
      ...endpoint.config,
      framing,
      badFrame: socket?.connection?.received.badFrame ?? endpoint.config.badFrame,
    };
    this.#feed.endpointChanged(socket?.endpoint ?? '');
  }

  /** Where not all of an endpoint's sockets are `reframed`, each keeps its framing and only does otherwise with bad frames. */
  #reframe(endpoint: string, { framing, badFrame }: EndpointConfig, reframed: boolean): void {
    for (const socket of this.#sockets.of(endpoint)) {
      if (abilitiesOf(socket.lifecycle.info.transport).messageOriented) continue;
      const { connection } = socket;
      if (!reframed) connection?.setBadFrame(badFrame);
      else if (connection) connection.reframe(framing, badFrame);
      else socket.lifecycle.describe({ framing: formatFraming(framing) });
    }
  }

  /** Does something to an open connection. `needs`: an ability of its transport, with what to do where it has it not. */
  #act(
    id: number,
    verb: string,
    act: (connection: Connection) => void,
    needs: { readonly halfClose?: string; readonly reset?: string } = {},
  ): Result<Record<string, never>> {
    const found = this.#openConnection(id, verb);
    if (!found.ok) return found;
    const { transport } = found.value.lifecycle.info;
    const abilities = abilitiesOf(transport);
    const hint = (abilities.halfClose ? undefined : needs.halfClose) ?? (abilities.reset ? undefined : needs.reset);
    if (hint !== undefined) {
      return fail('unsupported', `Could not ${verb} socket ${id}`, { system: `${transport} has no such end`, hint });
    }
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

  #contextOf(id: string): EndpointContext {
    const currentLog = () => this.#log;
    return {
      id,
      get log() {
        return currentLog();
      },
      driverOf: this.#driverOf,
      diagnose: (trouble) => this.#diagnose(trouble),
      readReplyFile: this.#options.readReplyFile,
      nextSocketId: () => {
        this.#lastSocket += 1;
        return this.#lastSocket;
      },
      changed: () => this.#feed.endpointChanged(id),
      socketChanged: (socketId) => this.#sockets.changed(socketId),
      adopt: (socket) => this.#sockets.add(socket),
    };
  }

  /** Nobody needs a doctor before something has failed. Of our own servers it knows without asking them. */
  async #diagnose(trouble: Trouble): Promise<Diagnosis> {
    const doctor = await import('./doctor/diagnose.ts').catch(() => undefined);
    // Without a descriptor it cannot even be loaded.
    if (!doctor) {
      const { code, hint } = failureOf('', trouble.failure);
      return { code, hint, checks: [] };
    }
    const servers = [...this.#endpoints.values()].filter((endpoint) => endpoint instanceof Server);
    const ownServer = (address: Address) => servers.find((server) => server.listensAt(address))?.config.transport;
    return doctor.diagnoseHere(this.#withPaths(trouble), ownServer);
  }

  /** `trouble` with the paths of the files that its configuration names, as far as they are found: the doctor looks there. */
  #withPaths(trouble: Trouble): Trouble {
    const { fileOf } = this.#options;
    if (!fileOf) return trouble;
    if (trouble.role === 'server') {
      const found = withPaths(trouble.config, fileOf);
      return found.ok ? { ...trouble, config: found.value } : trouble;
    }
    const found = withPaths(trouble.config, fileOf);
    return found.ok ? { ...trouble, config: found.value } : trouble;
  }
}

function noEndpoint(id: string): { readonly ok: false; readonly error: Failure } {
  return fail('not-found', `There is no endpoint “${id}”`, { hint: 'It may have been removed.' });
}

function sameWhileOpen(before: EndpointConfig, after: EndpointConfig): boolean {
  return JSON.stringify(fixedPart(before)) === JSON.stringify(fixedPart(after));
}

/** What cannot change while an endpoint is open. */
function fixedPart({ name: _name, framing: _framing, badFrame: _badFrame, ...config }: EndpointConfig): unknown {
  const {
    behaviour: _behaviour,
    reconnect: _reconnect,
    halfOpen: _halfOpen,
    ...rest
  } = {
    behaviour: 0,
    reconnect: 0,
    ...config,
  };
  return Object.entries(rest).sort(([one], [other]) => one.localeCompare(other));
}
