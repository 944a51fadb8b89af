import type { EndpointView } from '#shared/contract/models.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { withoutSecrets } from '#shared/endpoint/secrets.ts';
import type { Failure } from '#shared/failure.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { endingOf } from '#shared/socket/state.ts';
import type { CloseCause } from '#shared/socket/terms.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { now } from '../clock.ts';
import type { Connection } from '../connection/connection.ts';
import type { Attempt } from '../doctor/diagnosis.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import { type CallFailure, failureOf } from '../failures.ts';
import { cancelledDial, Dialer, type Dialled, dialFailure, failedAfter, nextAttempt, untilDue } from './dialer.ts';
import {
  connectSocket,
  createSocket,
  type Endpoint,
  type EndpointContext,
  isUnconnected,
  type OwnedSocket,
  targetOf,
} from './endpoint.ts';

/** The time from `open` to the end: one connection, or several after each other. */
interface Run {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly end: () => void;
  /** Consecutive failed attempts. */
  failed: number;
}

/**
 * A client: one outgoing connection. It tries every address of its name in the system's order and records each attempt.
 * When it reconnects, each attempt uses a separate socket.
 */
export class Client implements Endpoint {
  readonly id: string;
  config: ClientConfig;
  readonly #context: EndpointContext;
  readonly #dialer: Dialer;
  #socket: OwnedSocket | undefined;
  #connection: Connection | undefined;
  /** Other peers from which an unconnected UDP socket has received datagrams. */
  readonly #udpPeers = new Set<Connection>();
  #run: Run | undefined;
  #error: Failure | undefined;
  #retry: EndpointView['retry'];

  constructor(context: EndpointContext, config: ClientConfig) {
    this.id = context.id;
    this.config = config;
    this.#context = context;
    this.#dialer = new Dialer(context.driverOf);
  }

  get active(): boolean {
    return this.#run !== undefined;
  }

  open(): Promise<Failure | undefined> {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const run = { abort: new AbortController(), ended, end, failed: 0 };
    this.#run = run;
    return this.#connect(run, this.#createSocket());
  }

  close(): Promise<void> {
    const run = this.#run;
    if (!run) return Promise.resolve();
    run.abort.abort();
    for (const udpPeer of this.#udpPeers) udpPeer.close();
    this.#connection?.close();
    return run.ended;
  }

  view(): EndpointView {
    const state = this.#socket?.lifecycle.state;
    return {
      id: this.id,
      config: withoutSecrets(this.config),
      state: state?.word ?? 'idle',
      socket: this.#socket && !this.#socket.lifecycle.closed ? this.#socket.lifecycle.id : 0,
      address: state?.peer ?? '',
      peers: (this.#connection ? 1 : 0) + this.#udpPeers.size,
      exposed: false,
      accepting: false,
      retry: this.#retry,
      ended: state && endingOf(state),
      error: this.#error,
    };
  }

  #createSocket(): OwnedSocket {
    const socket = createSocket(this.#context, this.config, {
      role: 'outgoing',
      local: '',
      peer: targetOf(this.config),
    });
    this.#socket = socket;
    this.#context.changed();
    return socket;
  }

  async #connect(run: Run, socket: OwnedSocket): Promise<Failure | undefined> {
    this.#error = undefined;
    const dialled = await this.#dialer.dial(this.config, {
      signal: run.abort.signal,
      emit: (event) => {
        socket.lifecycle.emit(event);
        this.#context.changed();
      },
      accepted: (udpPeer) => this.#addPeer(socket, udpPeer),
    });
    if ('stream' in dialled) return this.#use(run, socket, dialled);
    return this.#fail(run, socket, dialled.attempts, dialled.failure);
  }

  /** Joins a connected stream to its socket and makes the handshakes. */
  async #use(run: Run, socket: OwnedSocket, { stream, ...opened }: Dialled): Promise<Failure | undefined> {
    let ready = false;
    const openedAt = performance.now();
    const connection = connectSocket(this.#context, socket, stream, {
      config: this.config,
      handshakeMs: this.config.connectTimeoutMs,
      keepsHalfOpen: () => this.config.halfOpen,
      closed: () => {
        this.#connection = undefined;
        if (!ready) return;
        const lasted = { bytesIn: connection.received.bytes, lastedMs: performance.now() - openedAt };
        run.failed = failedAfter(this.config.reconnect, run.failed, lasted);
        this.#connectionEnded(run, socket, connection);
      },
    });
    this.#connection = connection;
    // The framing may have been changed while the client was connecting.
    if (!abilitiesOf(this.config.transport).messageOriented) {
      socket.lifecycle.describe({ framing: formatFraming(this.config.framing) });
    }
    const { local, peer, handshake } = stream;
    if (isUnconnected(this.config)) {
      socket.lifecycle.emit({ kind: 'bound', local });
      socket.lifecycle.emit({ kind: 'peer-added', local, peer, listener: socket.lifecycle.id });
    } else {
      socket.lifecycle.emit({ kind: 'opened', local, peer, ...opened, handshake });
    }
    this.#context.changed();
    const failure = await connection.start();
    if (failure) {
      // The user has closed it in the meantime.
      if (connection.endedByUs) run.abort.abort();
      return this.#giveUp(run, [], failure);
    }
    ready = true;
    // It ended during the handshake.
    if (socket.lifecycle.closed) this.#connectionEnded(run, socket, connection);
    this.#context.changed();
    return undefined;
  }

  #addPeer(parent: OwnedSocket, stream: StreamSocket): void {
    const owned = createSocket(this.#context, this.config, { role: 'accepted', local: '', peer: '' });
    const udpPeer = connectSocket(this.#context, owned, stream, {
      config: this.config,
      handshakeMs: this.config.connectTimeoutMs,
      keepsHalfOpen: () => false,
      closed: () => {
        this.#udpPeers.delete(udpPeer);
        this.#context.changed();
      },
    });
    this.#udpPeers.add(udpPeer);
    const { local, peer } = stream;
    owned.lifecycle.emit({ kind: 'peer-added', local, peer, listener: parent.lifecycle.id });
    void udpPeer.start();
    this.#context.changed();
  }

  async #fail(run: Run, socket: OwnedSocket, attempts: readonly Attempt[], last: CallFailure): Promise<Failure> {
    const { aborted } = run.abort.signal;
    const cause: CloseCause = aborted ? 'local' : last.errno === 'ETIMEDOUT' ? 'timeout' : 'failed';
    const errno = aborted ? undefined : last.errno;
    socket.lifecycle.emit({ kind: 'closed', cause, errno, bytesIn: 0, bytesOut: 0 });
    return this.#giveUp(run, attempts, last);
  }

  /** Handles a failed attempt: explains it, and waits for the next attempt where there is one. */
  async #giveUp(run: Run, attempts: readonly Attempt[], last: CallFailure): Promise<Failure> {
    const failure = await this.#explain(run, attempts, last);
    if (!run.abort.signal.aborted) this.#error = failure;
    this.#continueOrEnd(run);
    return failure;
  }

  /** Handles the end of a connection. */
  #connectionEnded(run: Run, socket: OwnedSocket, { endedByUs, received, failure }: Connection): void {
    for (const udpPeer of this.#udpPeers) udpPeer.close();
    if (endedByUs) run.abort.abort();
    this.#continueOrEnd(run);
    // It failed and there is no further attempt: examine why. A reset in the middle of a conversation needs no examination.
    if (!failure || endedByUs || this.#run !== undefined) return;
    if (socket.lifecycle.state.cause !== 'reset-by-peer' || received.bytes === 0) void this.#examine(socket, failure);
  }

  /** Determines why a connection failed, unless the client reconnects in the meantime. */
  async #examine(socket: OwnedSocket, failure: CallFailure): Promise<void> {
    const { config } = this;
    const diagnosis = await this.#context.diagnose({ role: 'client', config, failure, attempts: [] });
    if (this.#socket !== socket) return;
    this.#error = failureOf(`The connection to ${targetOf(this.config)} has failed`, failure, diagnosis);
    this.#context.changed();
  }

  /** Waits for the next attempt, or ends the run. */
  #continueOrEnd(run: Run): void {
    if (run.abort.signal.aborted || !this.#waitForNext(run)) {
      this.#run = undefined;
      run.end();
    }
    this.#context.changed();
  }

  /** Creates the socket of the next attempt and waits with it. Returns false where there is no further attempt. */
  #waitForNext(run: Run): boolean {
    const next = nextAttempt(this.config.reconnect, run.failed, { now: now(), random: Math.random() });
    if (!next) return false;
    const { attempt, delayMs, at } = next;
    run.failed = attempt;
    const socket = this.#createSocket();
    socket.lifecycle.emit({ kind: 'waiting', attempt, delayMs });
    this.#retry = { at, attempt };
    void untilDue(delayMs, run.abort.signal).then(() => {
      this.#retry = undefined;
      return this.#connect(run, socket);
    });
    return true;
  }

  async #explain(run: Run, attempts: readonly Attempt[], last: CallFailure): Promise<Failure> {
    const { config } = this;
    if (run.abort.signal.aborted) return cancelledDial(targetOf(this.config));
    // Of consecutive attempts only the first is diagnosed: the others would repeat the result.
    const trouble = { role: 'client', config, failure: last, attempts } as const;
    const diagnosis = run.failed > 0 ? undefined : await this.#context.diagnose(trouble);
    return dialFailure(targetOf(this.config), trouble, diagnosis);
  }
}
