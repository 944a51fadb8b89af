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
import { pingOn } from './connection/ping.ts';
import type { Diagnosis, Trouble } from './doctor/diagnosis.ts';
import type { Driver } from './drivers/driver.ts';
import { createDrivers } from './drivers/drivers.ts';
import type { FileOf } from './endpoint-files.ts';
import type { CloseOptions, Endpoint, EndpointContext } from './endpoints/endpoint.ts';
import { mayChangeWhileOpen } from './endpoints/open-changes.ts';
import { createEndpoint } from './endpoints/roles.ts';
import { type SendOutcome, type SendRequest, sendTo } from './endpoints/sending.ts';
import { diagnoseTrouble } from './engine-doctor.ts';
import { Sockets } from './sockets.ts';

interface EngineOptions {
  readonly log: LogSink;
  /** Reads the file that a server replies with. */
  readonly readReplyFile: (path: string) => Promise<Result<Uint8Array>>;
  /** The app's data folder, where the certificate of this machine is stored; without it, the certificate is kept in memory. */
  readonly folder?: string | undefined;
  /** Finds the TLS files that configurations name; without it, they name paths. */
  readonly fileOf?: FileOf | undefined;
}

/** The time that `stop` waits for peers that do not receive the queued bytes. A host has 5 s to end. */
const stopGraceMs = 2_000;

/** All endpoints and sockets of this run. Independent of the host and the page: it is called, and emits records and changes. */
export class Engine {
  readonly #options: EngineOptions;
  #log: LogSink;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #sockets = new Sockets((id) => this.#feed.socketChanged(id));
  /** Endpoints that are being removed. */
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

  /** Calls `listener` with changes, at most 30 times a second; returns the function that ends the subscription. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  snapshot(): { endpoints: EndpointView[]; sockets: SocketView[] } {
    return {
      endpoints: [...this.#endpoints.values()].map((endpoint) => endpoint.view()),
      sockets: this.#sockets.views(),
    };
  }

  /** Returns the state of a socket, unless it is no longer listed. */
  socket(id: number): SocketView | undefined {
    return this.#sockets.view(id);
  }

  /** True while an endpoint or a socket is open: its next records belong to the current log. */
  get busy(): boolean {
    const isActive = [...this.#endpoints.values()].some((endpoint) => endpoint.active);
    return isActive || this.#removing.size > 0 || this.#sockets.hasOpen;
  }

  /**
   * Records to `log` from now on, and removes the closed sockets from the list: their records are in the previous log.
   * Throws while the engine is `busy`, because all records of a socket are in one log.
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
    const endpoint = createEndpoint(context, config);
    this.#endpoints.set(id, endpoint);
    this.#feed.endpointChanged(id);
    return endpoint.view();
  }

  /**
   * Changes an endpoint. While it is open, only its name, behaviour, framing (with the handling of bad frames), half-open
   * and reconnect settings may change. A passphrase or a secret that `given` contains only as a placeholder is kept.
   */
  update(id: string, given: EndpointConfig): Result<EndpointView> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    const config = withSecrets(given, endpoint.config);
    const missing = missingSecrets(config);
    if (missing) return { ok: false, error: missing };
    if (endpoint.config.role !== config.role) return fail('bad-input', 'A server cannot become a client');
    if (endpoint.active && !mayChangeWhileOpen(endpoint.config, config)) {
      return fail('wrong-state', `Could not change “${endpoint.config.name}” while it is open`, {
        hint: config.role === 'server' ? 'Stop the server, change it, and launch it again.' : 'Disconnect it first.',
      });
    }
    const { framing, badFrame } = endpoint.config;
    endpoint.config = config;
    const reframed = formatFraming(framing) !== formatFraming(config.framing);
    if (reframed || badFrame !== config.badFrame) this.#sockets.reframe(id, config, reframed);
    this.#feed.endpointChanged(id);
    return ok(endpoint.view());
  }

  async remove(id: string): Promise<Result<Record<string, never>>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint || this.#removing.has(id)) return noEndpoint(id);
    // From now on it cannot be opened: after its removal nothing could close it.
    this.#removing.add(id);
    await endpoint.close().finally(() => this.#removing.delete(id));
    this.#endpoints.delete(id);
    this.#sockets.clear(id);
    this.#feed.endpointChanged(id);
    return ok({});
  }

  /** Removes the closed sockets of an endpoint from the list; their records are kept. */
  clear(id: string): Result<Record<string, never>> {
    if (!this.#endpoints.has(id)) return noEndpoint(id);
    this.#sockets.clearClosed(id);
    return ok({});
  }

  /** Launches a server or connects a client; resolves when it listens, is connected, or has failed. */
  async open(id: string): Promise<Result<EndpointView>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint || this.#removing.has(id)) return noEndpoint(id);
    if (endpoint.active) return fail('wrong-state', `“${endpoint.config.name}” is open already`);
    const error = await endpoint.open();
    return error ? { ok: false, error } : ok(endpoint.view());
  }

  /** Closes an endpoint and its sockets; a server may keep its connections open. */
  async close(id: string, options: CloseOptions = {}): Promise<Result<EndpointView>> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    await endpoint.close(options);
    return ok(endpoint.view());
  }

  /** Resumes or pauses accept() of a server. */
  setAccepting(id: string, accepting: boolean): Promise<Result<EndpointView>> | Result<EndpointView> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    if (endpoint.setAccepting) return endpoint.setAccepting(accepting);
    return fail('bad-input', 'A client does not accept connections', { hint: 'Select a server.' });
  }

  /** Adds a peer to a bound UDP socket before it has sent anything; returns the peer's socket. */
  addPeer(id: string, host: string, port: number): Promise<Result<{ socket: number }>> | Result<{ socket: number }> {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) return noEndpoint(id);
    if (endpoint.addPeer) return endpoint.addPeer(host, port);
    return fail('bad-input', 'A client has one peer, which is set in its options', { hint: 'Create another client.' });
  }

  /** Sends one message to each socket; resolves when the kernel has accepted each of them or the send failed. */
  send(sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]> {
    const targets = sockets.map((socket) => {
      const found = this.#sockets.openConnection(socket, 'send to');
      return { socket, connection: found.ok ? found.value : found.error };
    });
    return sendTo(targets, request, this.#log.stalled);
  }

  /** Resumes or stops reading from a socket. */
  setReading(id: number, reading: boolean): Result<Record<string, never>> {
    return this.#sockets.act(id, reading ? 'read from' : 'stop reading from', (connection) =>
      connection.setReading(reading),
    );
  }

  /** Applies another framing to a socket from here on; where framing has stopped, restarts it. */
  frame(id: number, framing: FramingSpec, badFrame?: BadFrame): Result<Record<string, never>> {
    const found = this.#sockets.openConnection(id, 'change the framing of');
    if (!found.ok) return found;
    if (abilitiesOf(found.value.lifecycle.info.transport).messageOriented) {
      return fail('unsupported', `Could not change the framing of socket ${id}`, {
        system: 'the transport carries messages',
        hint: 'Framing applies to streams only; datagrams and WebSocket messages are received as they were sent.',
      });
    }
    found.value.reframe(framing, badFrame);
    this.#keepFraming(id, framing);
    return ok({});
  }

  /** Returns the first bytes of the incomplete message of a socket, up to 16 KiB, and the number of its bytes. */
  waitingBytes(id: number): Result<{ bytes: Uint8Array; length: number }> {
    const found = this.#sockets.openConnection(id, 'show the incomplete message of');
    return found.ok ? ok(found.value.received.waiting(maxWaitingBytes)) : found;
  }

  /** Ends our side (FIN) once all bytes are sent, where the transport supports it. */
  shutdown(id: number): Result<Record<string, never>> {
    const hint = 'Close it instead: that ends both sides.';
    return this.#sockets.act(id, 'shut down writing on', (connection) => connection.shutdown(), { halfClose: hint });
  }

  /** Sends a ping on a WebSocket; `payload` has a maximum of 125 bytes. */
  ping(id: number, payload: Uint8Array): Result<Record<string, never>> {
    const found = this.#sockets.openConnection(id, 'send a ping on');
    return found.ok ? pingOn(found.value, payload) : found;
  }

  closeSocket(id: number): Result<Record<string, never>> {
    return this.#sockets.act(id, 'close', (connection) => connection.close());
  }

  /** Aborts a connection with RST, where the transport supports it. */
  reset(id: number): Result<Record<string, never>> {
    return this.#sockets.act(id, 'reset', (connection) => connection.reset(), { reset: 'Close it instead.' });
  }

  /** Closes every endpoint; resolves when all their sockets are closed and recorded. */
  async stop(): Promise<void> {
    const impatience = setTimeout(() => {
      // A second close of a connection drops the queued bytes.
      for (const id of this.#endpoints.keys()) {
        for (const { connection } of this.#sockets.of(id)) connection?.close('stopped');
      }
    }, stopGraceMs);
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
    clearTimeout(impatience);
    this.#feed.stop();
  }

  /** Sets the framing of a client's socket in its configuration too: it applies to the next connection. */
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

  #diagnose(trouble: Trouble): Promise<Diagnosis> {
    const endpoints = [...this.#endpoints.values()];
    const ownServer = (address: Address) => endpoints.find((one) => one.listensAt?.(address))?.config.transport;
    return diagnoseTrouble(trouble, { fileOf: this.#options.fileOf, ownServer });
  }
}

function noEndpoint(id: string): { readonly ok: false; readonly error: Failure } {
  return fail('not-found', `There is no endpoint “${id}”`, { hint: 'It may have been removed.' });
}
