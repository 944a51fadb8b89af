import type { ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail } from '#shared/failure.ts';
import { formatAddress } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Transport } from '#shared/socket/transports.ts';
import type { Lifecycle } from '../connection/recording.ts';
import { type Driver, isCallFailure, type Listening, type StreamSocket } from '../drivers/driver.ts';
import { type CallFailure, failedEvent, failureOf } from '../failures.ts';
import { ListenQueue, withBacklogCap } from './listen-queue.ts';
import { resolveBindHost } from './resolve.ts';

interface AcceptorOptions {
  /** The listening socket: its events are recorded here. */
  readonly lifecycle: Lifecycle;
  readonly driverOf: (transport: Transport) => Driver;
  /** Returns the current configuration. */
  readonly config: () => ServerConfig;
  /** Returns the number of open connections, those of earlier listeners included. */
  readonly connections: () => number;
  /** Called with each connection below the limit, once the listener is recorded. */
  readonly accepted: (stream: StreamSocket) => void;
  /** Called when the system has closed the listening socket. */
  readonly lost: (failure: CallFailure) => void;
  /** Called when the accept queue has changed. */
  readonly changed: () => void;
}

/** One listening socket (UDP: one bound socket): listens, accepts up to the limit of connections, and pauses and resumes accept(). */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #queue: ListenQueue;
  readonly #stopping = new AbortController();
  #listening: Listening | undefined;
  #accepting = true;
  /** The last change of `accepting`: changes are made one after another. */
  #changes: Promise<unknown> = Promise.resolve();
  /** Closes the socket; set by `stop`. */
  #close: () => Promise<void> = async () => {};

  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#queue = new ListenQueue(options.changed, () => options.config().backlog);
  }

  /** The open socket; `undefined` before it listens and after it has stopped. */
  get listening(): Listening | undefined {
    return this.#listening;
  }

  /** False while accept() is paused. */
  get accepting(): boolean {
    return this.#accepting;
  }

  /** The accept queue: connections that wait in it, and those that were dropped. */
  get queue(): Pick<ListenQueue, 'waiting' | 'dropped'> {
    return this.#queue;
  }

  /** Aborted when the acceptor stops. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Resolves the host and listens. Returns the failure, if any; it is recorded unless the acceptor was stopped in the meantime. */
  async listen(): Promise<CallFailure | undefined> {
    const { lifecycle, driverOf, config } = this.#options;
    const emit = (event: SocketEvent) => lifecycle.emit(event);
    // Connections may be accepted before `listen` has returned; they wait until the listener is recorded.
    const early: StreamSocket[] = [];
    let ready = false;
    const bound = await resolveBindHost(config(), this.signal, emit);
    const listening = isCallFailure(bound)
      ? bound
      : await driverOf(bound.transport).listen(bound, {
          accepted: (stream) => {
            if (ready) this.#admit(stream);
            else early.push(stream);
          },
          dropped: (peer) => {
            this.#queue.accepted();
            this.#refused(peer);
          },
          failed: (failure) => emit(failedEvent(failure)),
          lost: (failure) => this.#lost(failure),
          noted: emit,
        });
    if (this.signal.aborted) {
      // Stopped while the name was being resolved.
      if (!isCallFailure(listening)) await listening.stop();
      return { call: 'listen', errno: 'ECANCELED' };
    }
    if (isCallFailure(listening)) {
      this.#failed(listening);
      return listening;
    }
    this.#listening = listening;
    emit(withBacklogCap(listening.event));
    if (listening.setAccepting) this.#queue.start(emit);
    ready = true;
    for (const stream of early) this.#admit(stream);
    return undefined;
  }

  /** Calls accept(), or leaves new connections in the system's backlog. Returns the failure, if any; `tried` is its message. */
  setAccepting(accepting: boolean, tried: string): Promise<Failure | undefined> {
    const turn = this.#changes.then(() => this.#changeAccepting(accepting, tried));
    this.#changes = turn;
    return turn;
  }

  /** Accepts nothing more and closes the socket, except that of UDP: its peers send through it until `close`. */
  stop(): void {
    const listening = this.#listening;
    this.#stopping.abort();
    this.#queue.stop();
    this.#listening = undefined;
    if (!listening) return;
    const stopped = listening.udpPeer ? undefined : listening.stop();
    this.#close = () => stopped ?? listening.stop();
  }

  /** Resolves when the stopped socket is closed and its address is free. */
  close(): Promise<void> {
    return this.#close();
  }

  /** Records that the socket is closed. */
  recordClosed(): void {
    this.#options.lifecycle.emit({ kind: 'closed', cause: 'local', bytesIn: 0, bytesOut: 0 });
  }

  /** Accepts a connection below the limit. The driver's count does not include connections from before a pause of accept(). */
  #admit(stream: StreamSocket): void {
    const { connections, config, accepted } = this.#options;
    this.#queue.accepted();
    if (!this.#listening) {
      stream.destroy();
    } else if (connections() < config().limits.maxConnections) {
      accepted(stream);
    } else {
      stream.destroy();
      this.#refused(formatAddress(stream.peer));
    }
  }

  /** Records that the connection from `peer` was refused: the limit of connections is reached. */
  #refused(peer: string): void {
    const { lifecycle, config } = this.#options;
    const text = `the connection from ${peer} was refused: ${config().limits.maxConnections} connections are open, the maximum of this server (maxConnections)`;
    lifecycle.emit({ kind: 'limited', limit: 'maxConnections', text });
  }

  async #changeAccepting(accepting: boolean, tried: string): Promise<Failure | undefined> {
    const listening = this.#listening;
    if (!listening) return notLaunched(tried);
    if (!listening.setAccepting) {
      const system = `a server of ${this.#options.config().transport} cannot leave connections in its backlog`;
      return fail('unsupported', tried, { system, hint: 'Use TCP, TLS or WebSocket to see a backlog fill.' }).error;
    }
    if (accepting === this.#accepting) return undefined;
    const failure = await listening.setAccepting(accepting);
    if (failure) return failureOf(tried, failure);
    if (this.#listening !== listening) {
      return fail('aborted', tried, { hint: 'The server was stopped in the meantime.' }).error;
    }
    this.#accepting = accepting;
    this.#queue.setAccepting(accepting, listening.local);
    this.#options.changed();
    return undefined;
  }

  /** Handles the loss of the listening socket: accepted connections stay open (UDP peers end with it). */
  #lost(failure: CallFailure): void {
    this.#queue.stop();
    this.#listening = undefined;
    this.#failed(failure);
    this.#options.lost(failure);
  }

  #failed(failure: CallFailure): void {
    const { lifecycle } = this.#options;
    lifecycle.emit(failedEvent(failure));
    lifecycle.emit({ kind: 'closed', cause: 'failed', errno: failure.errno, bytesIn: 0, bytesOut: 0 });
  }
}

/** Returns the failure of a command for a server that does not listen. */
export function notLaunched(tried: string): Failure {
  return fail('wrong-state', tried, { hint: 'Launch it first.' }).error;
}
