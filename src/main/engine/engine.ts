import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { maxWaitingBytes } from '#shared/contract/limits.ts';
import type { EndpointView, SocketView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type BadFrame, formatFraming } from '#shared/framing/spec.ts';
import type { LogSink } from '#shared/record/record.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { ChangeFeed } from './change-feed.ts';
import type { Connection } from './connection/connection.ts';
import type { Driver } from './drivers/driver.ts';
import { createDrivers } from './drivers/drivers.ts';
import type { FileOf } from './drivers/file-driver.ts';
import { type BatchOutcome, type BatchRequest, sendBatchTo } from './endpoints/batch-sending.ts';
import type { CloseOptions, EndpointContext } from './endpoints/endpoint.ts';
import { changedConfig, Endpoints } from './endpoints/endpoints.ts';
import { type SendOutcome, type SendRequest, type SendTarget, sendTo } from './endpoints/sending.ts';
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
  readonly #endpoints = new Endpoints((id) => this.#contextOf(id));
  readonly #sockets = new Sockets((id) => this.#feed.socketChanged(id));
  readonly #feed: ChangeFeed;
  readonly #driverOf: (transport: Transport) => Driver;
  #lastSocket = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#driverOf = createDrivers(options);
    this.#feed = new ChangeFeed({
      endpoint: (id) => this.#endpoints.view(id),
      socket: (id) => this.#sockets.view(id),
    });
  }

  /** Calls `listener` with changes, at most 30 times a second; returns the function that ends the subscription. */
  subscribe(listener: (event: WorkbenchEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  snapshot(): { endpoints: EndpointView[]; sockets: SocketView[] } {
    return { endpoints: this.#endpoints.views(), sockets: this.#sockets.views() };
  }

  /** Returns the state of a socket, unless it is no longer listed. */
  socket(id: number): SocketView | undefined {
    return this.#sockets.view(id);
  }

  /** Returns the configuration of an endpoint with its secrets; `undefined` if there is no such endpoint. */
  config(id: string): EndpointConfig | undefined {
    const found = this.#endpoints.find(id);
    return found.ok ? found.value.config : undefined;
  }

  /** True while an endpoint or a socket is open: its next records belong to the current log. */
  get busy(): boolean {
    return this.#endpoints.busy || this.#sockets.hasOpen;
  }

  /**
   * Records to `log` from now on, and removes the closed sockets from the list: their records are in the previous log.
   * Throws while the engine is `busy`, because all records of a socket are in one log.
   */
  recordTo(log: LogSink): void {
    if (this.busy) throw new Error('the log changed while something was open');
    this.#log = log;
    for (const id of this.#endpoints.ids) this.#sockets.clear(id);
  }

  /** Returns the number of a new socket: unique in the session, also among those of traced programs. */
  nextSocketId(): number {
    this.#lastSocket += 1;
    return this.#lastSocket;
  }

  create(config: EndpointConfig): EndpointView {
    const endpoint = this.#endpoints.create(config);
    this.#feed.endpointChanged(endpoint.id);
    return endpoint.view();
  }

  /**
   * Changes an endpoint. While it is open, only the options may change whose descriptors say so. A passphrase or a secret that `given` contains only as a placeholder is kept.
   */
  update(id: string, given: EndpointConfig): Result<EndpointView> {
    const found = this.#endpoints.find(id);
    if (!found.ok) return found;
    const endpoint = found.value;
    const changed = changedConfig(endpoint, given);
    if (!changed.ok) return changed;
    const { framing, badFrame, checksum } = endpoint.config;
    const config = changed.value;
    endpoint.config = config;
    const reframed = formatFraming(framing) !== formatFraming(config.framing);
    if (reframed || badFrame !== config.badFrame) this.#sockets.reframe(id, config, reframed);
    if (checksum !== config.checksum) this.#sockets.recheck(id, config.checksum);
    this.#feed.endpointChanged(id);
    return ok(endpoint.view());
  }

  async remove(id: string): Promise<Result<Record<string, never>>> {
    const found = this.#endpoints.findKept(id);
    if (!found.ok) return found;
    await this.#endpoints.remove(id, found.value);
    this.#sockets.clear(id);
    this.#feed.endpointChanged(id);
    return ok({});
  }

  /** Removes the closed sockets of an endpoint from the list; their records are kept. */
  clear(id: string): Result<Record<string, never>> {
    const found = this.#endpoints.find(id);
    if (!found.ok) return found;
    this.#sockets.clearClosed(id);
    return ok({});
  }

  /** Launches a server or connects a client; resolves when it listens, is connected, or has failed. */
  async open(id: string): Promise<Result<EndpointView>> {
    const found = this.#endpoints.findKept(id);
    if (!found.ok) return found;
    const endpoint = found.value;
    if (endpoint.active) return fail('wrong-state', `“${endpoint.config.name}” is open already`);
    const error = await endpoint.open();
    return error ? { ok: false, error } : ok(endpoint.view());
  }

  /** Closes an endpoint and its sockets; a server may keep its connections open. */
  async close(id: string, options: CloseOptions = {}): Promise<Result<EndpointView>> {
    const found = this.#endpoints.find(id);
    if (!found.ok) return found;
    await found.value.close(options);
    return ok(found.value.view());
  }

  /** Resumes or pauses accept() of a server. */
  setAccepting(id: string, accepting: boolean): Promise<Result<EndpointView>> | Result<EndpointView> {
    const found = this.#endpoints.find(id);
    if (!found.ok) return found;
    if (found.value.setAccepting) return found.value.setAccepting(accepting);
    return fail('bad-input', 'A client does not accept connections', { hint: 'Select a server.' });
  }

  /** Adds a peer to a bound UDP socket before it has sent anything; returns the peer's socket. */
  addPeer(id: string, host: string, port: number): Promise<Result<{ socket: number }>> | Result<{ socket: number }> {
    const found = this.#endpoints.find(id);
    if (!found.ok) return found;
    if (found.value.addPeer) return found.value.addPeer(host, port);
    return fail('bad-input', 'A client has one peer, which is set in its options', { hint: 'Create another client.' });
  }

  /** Sends one message to each socket; resolves when the kernel has accepted each of them or the send failed. */
  send(sockets: readonly number[], request: SendRequest): Promise<SendOutcome[]> {
    return sendTo(this.#targets(sockets), request, this.#log.stalled);
  }

  /** Sends messages in their order to each socket, as one write where the transport allows it; resolves as `send` does. */
  sendBatch(
    sockets: readonly number[],
    messages: readonly Uint8Array[],
    request: BatchRequest,
  ): Promise<BatchOutcome[]> {
    return sendBatchTo(this.#targets(sockets), messages, request, this.#log);
  }

  /** Resumes or stops reading from a socket. */
  setReading(id: number, reading: boolean): Result<Record<string, never>> {
    return this.#sockets.act(id, reading ? 'read from' : 'stop reading from', (connection) =>
      connection.setReading(reading),
    );
  }

  /** Applies another framing to a socket from here on; where framing has stopped, restarts it. */
  frame(id: number, framing: FramingSpec, badFrame?: BadFrame): Result<Record<string, never>> {
    const found = this.#sockets.frame(id, framing, badFrame);
    if (!found.ok) return found;
    this.#keepFraming(found.value, framing);
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
    return this.#sockets.ping(id, payload);
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
    // A second close of a connection drops the queued bytes.
    const impatience = setTimeout(() => this.#sockets.stop(), stopGraceMs);
    await this.#endpoints.close();
    clearTimeout(impatience);
    this.#feed.stop();
  }

  #targets(sockets: readonly number[]): SendTarget[] {
    return sockets.map((socket) => {
      const found = this.#sockets.openConnection(socket, 'send to');
      return { socket, connection: found.ok ? found.value : found.error };
    });
  }

  /** Sets the framing of a client's connection in its configuration too: it applies to the next connection. */
  #keepFraming({ lifecycle, received }: Connection, framing: FramingSpec): void {
    const found = this.#endpoints.find(lifecycle.info.endpoint);
    if (!found.ok || found.value.config.role !== 'client') return;
    found.value.config = { ...found.value.config, framing, badFrame: received.badFrame };
    this.#feed.endpointChanged(lifecycle.info.endpoint);
  }

  #contextOf(id: string): EndpointContext {
    const currentLog = () => this.#log;
    return {
      id,
      get log() {
        return currentLog();
      },
      driverOf: this.#driverOf,
      diagnose: (trouble) =>
        diagnoseTrouble(trouble, { fileOf: this.#options.fileOf, ownServer: (at) => this.#endpoints.transportAt(at) }),
      readReplyFile: this.#options.readReplyFile,
      nextSocketId: () => this.nextSocketId(),
      changed: () => this.#feed.endpointChanged(id),
      socketChanged: (socketId) => this.#sockets.changed(socketId),
      adopt: (socket) => this.#sockets.add(socket),
    };
  }
}
