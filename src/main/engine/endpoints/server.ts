import type { EndpointView } from '#shared/contract/models.ts';
import { optionOf, type ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { withoutSecrets } from '#shared/endpoint/secrets.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { Address } from '#shared/socket/address.ts';
import { formatAddress, formatHostPort, isLoopback } from '#shared/socket/address.ts';
import { endingOf } from '#shared/socket/state.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from '../connection/connection.ts';
import { reaches } from '../doctor/address-kinds.ts';
import type { CallFailure } from '../drivers/call-failure.ts';
import { isCallFailure, type Listening, type StreamSocket } from '../drivers/driver.ts';
import { failedEvent, failureOf } from '../failures.ts';
import { answersOf } from './answers.ts';
import { connectionRefused, tooManyPeers } from './connection-limit.ts';
import {
  type CloseOptions,
  connectSocket,
  createSocket,
  type Endpoint,
  type EndpointContext,
  type OwnedSocket,
  replyFileReader,
} from './endpoint.ts';
import { ListenQueue, withBacklogCap } from './listen-queue.ts';
import { peerAddress } from './peer-address.ts';
import { resolveBindHost } from './resolve.ts';

/** The time limit of the TLS and WebSocket handshakes of an accepted connection. Milliseconds. */
const handshakeMs = 10_000;

/** A server: one listener (UDP: one bound socket) and its accepted connections (UDP: its peers). */
export class Server implements Endpoint {
  readonly id: string;
  config: ServerConfig;
  readonly #context: EndpointContext;
  readonly #connections = new Set<Connection>();
  #listener: OwnedSocket | undefined;
  #listening: Listening | undefined;
  #accepting = true;
  readonly #queue: ListenQueue;
  #accepts: Promise<unknown> = Promise.resolve();
  #error: Failure | undefined;
  #closing: Promise<void> | undefined;
  #abort = new AbortController();
  #whenEmpty: (() => void) | undefined;

  constructor(context: EndpointContext, config: ServerConfig) {
    this.id = context.id;
    this.config = config;
    this.#context = context;
    this.#queue = new ListenQueue(context.changed, () => this.config.backlog);
  }

  get active(): boolean {
    return this.#listener !== undefined && !this.#listener.lifecycle.closed;
  }

  async open(): Promise<Failure | undefined> {
    this.#error = undefined;
    this.#accepting = true;
    this.#abort = new AbortController();
    const listener = createSocket(this.#context, this.config, { role: 'listener', local: this.#target(), peer: '' });
    this.#listener = listener;
    this.#context.changed();
    // Connections may be accepted before `listen` has returned; they wait until the listener is recorded.
    const early: StreamSocket[] = [];
    let ready = false;
    const config = await resolveBindHost(this.config, this.#abort.signal, (event) => listener.lifecycle.emit(event));
    const listening = isCallFailure(config)
      ? config
      : await this.#context.driverOf(config.transport).listen(config, {
          accepted: (stream) => {
            if (ready) this.#admit(listener, stream);
            else early.push(stream);
          },
          dropped: (peer) => {
            this.#queue.accepted();
            this.#dropped(listener, peer);
          },
          failed: (failure) => listener.lifecycle.emit(failedEvent(failure)),
          lost: (failure) => this.#lost(listener, failure),
          noted: (event) => listener.lifecycle.emit(event),
        });
    if (listener.lifecycle.closed) {
      // Stopped while the name was being resolved.
      if (!isCallFailure(listening)) await listening.stop();
      return fail('aborted', `Could not listen on ${this.#target()}`, { hint: 'You stopped it.' }).error;
    }
    if (isCallFailure(listening)) {
      const { errno } = listening;
      listener.lifecycle.emit(failedEvent(listening));
      listener.lifecycle.emit({ kind: 'closed', cause: 'failed', errno, bytesIn: 0, bytesOut: 0 });
      this.#error = await this.#explain(listening);
      this.#context.changed();
      return this.#error;
    }
    this.#listening = listening;
    listener.lifecycle.emit(withBacklogCap(listening.event));
    if (listening.setAccepting) this.#queue.start((event) => listener.lifecycle.emit(event));
    ready = true;
    for (const stream of early) this.#admit(listener, stream);
    this.#context.changed();
    return undefined;
  }

  close({ keepConnections = false }: CloseOptions = {}): Promise<void> {
    // UDP has no connections without its socket.
    if (keepConnections && this.#listening && !this.#listening.udpPeer) {
      this.#stopListening(this.#listening);
      return Promise.resolve();
    }
    this.#closing ??= this.#stop().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  /** Calls accept(), or leaves new connections in the system's backlog. Changes are made one after another. */
  setAccepting(accepting: boolean): Promise<Result<EndpointView>> {
    const turn = this.#accepts.then(() => this.#changeAccepting(accepting));
    this.#accepts = turn;
    return turn;
  }

  async #changeAccepting(accepting: boolean): Promise<Result<EndpointView>> {
    const verb = accepting ? 'accept connections again' : 'stop accepting connections';
    const tried = `Could not ${verb} on “${this.config.name}”`;
    const listening = this.#listening;
    if (!listening) return fail('wrong-state', tried, { hint: 'Launch it first.' });
    if (!listening.setAccepting) {
      const system = `a server of ${this.config.transport} cannot leave connections in its backlog`;
      return fail('unsupported', tried, { system, hint: 'Use TCP, TLS or WebSocket to see a backlog fill.' });
    }
    if (accepting === this.#accepting) return ok(this.view());
    const failure = await listening.setAccepting(accepting);
    if (failure) return { ok: false, error: failureOf(tried, failure) };
    if (this.#listening !== listening)
      return fail('aborted', tried, { hint: 'The server was stopped in the meantime.' });
    this.#accepting = accepting;
    this.#queue.setAccepting(accepting, listening.local);
    this.#context.changed();
    return ok(this.view());
  }

  /** Returns true where a connection to `address`, an address of this machine, reaches this server. */
  listensAt(address: Address): boolean {
    const listening = this.#listening;
    return (
      !!listening && !listening.udpPeer && reaches(listening.local, address, optionOf(this.config, 'bind.ipv6Only'))
    );
  }

  /** Adds a peer to a bound UDP socket before it has sent anything; returns the peer's socket. */
  async addPeer(host: string, port: number): Promise<Result<{ socket: number }>> {
    const tried = `Could not add the peer ${formatHostPort(host, port)}`;
    const listener = this.#listener;
    const listening = this.#listening;
    if (!listening?.udpPeer || !listener) {
      return fail('wrong-state', tried, { hint: 'Only a bound UDP server can send to any address.' });
    }
    const found = await peerAddress({ host, port }, { local: listening.local, signal: this.#abort.signal, tried });
    if (!found.ok) return found;
    const peer = formatHostPort(found.value.host, port);
    const known = [...this.#connections].find(({ lifecycle }) => lifecycle.state.peer === peer);
    if (known) return ok({ socket: known.id });
    const { maxConnections } = this.config.limits;
    const { size } = this.#connections;
    if (size >= maxConnections) return tooManyPeers(tried, size, maxConnections);
    return ok({ socket: this.#accept(listener, listening.udpPeer(found.value)) });
  }

  view(): EndpointView {
    const state = this.#listener?.lifecycle.state;
    const isOpen = state?.word === 'listening' || state?.word === 'bound';
    const { transport } = this.config;
    return {
      id: this.id,
      config: withoutSecrets(this.config),
      state: state?.word ?? 'idle',
      socket: this.active ? (this.#listener?.lifecycle.id ?? 0) : 0,
      address: isOpen ? state.local : '',
      peers: this.#connections.size,
      exposed: isOpen && abilitiesOf(transport).host && !isLoopback(this.#listening?.local.host ?? ''),
      accepting: isOpen && this.#accepting,
      ended: state && endingOf(state),
      backlogWaiting: this.#queue.waiting,
      dropped: this.#queue.dropped,
      error: this.#error,
    };
  }

  #target(): string {
    const { transport, path, host, port } = this.config;
    return transport === 'local' ? path : formatHostPort(host, port);
  }

  /** Stops listening. The address is free immediately; the accepted connections stay open until they end or `close` is called. */
  #stopListening(listening: Listening): void {
    this.#abort.abort();
    this.#queue.stop();
    this.#listening = undefined;
    void listening.stop();
    this.#listener?.lifecycle.emit({ kind: 'closed', cause: 'local', bytesIn: 0, bytesOut: 0 });
    this.#context.changed();
  }

  async #stop(): Promise<void> {
    const listener = this.#listener;
    this.#abort.abort();
    this.#queue.stop();
    const listening = this.#listening;
    this.#listening = undefined;
    // The peers of a UDP socket send through it, so it is closed last. A listener only accepts and is closed first.
    const stopped = listening?.udpPeer ? undefined : listening?.stop();
    for (const connection of this.#connections) connection.close('stopped');
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
    }
    await (stopped ?? listening?.stop());
    listener?.lifecycle.emit({ kind: 'closed', cause: 'local', bytesIn: 0, bytesOut: 0 });
    this.#context.changed();
  }

  /** Accepts a connection below the limit. The driver's count does not include connections from before a pause of accept(). */
  #admit(listener: OwnedSocket, stream: StreamSocket): void {
    this.#queue.accepted();
    if (!this.#listening) {
      stream.destroy();
      return;
    }
    if (this.#connections.size < this.config.limits.maxConnections) {
      this.#accept(listener, stream);
      return;
    }
    stream.destroy();
    this.#dropped(listener, formatAddress(stream.peer));
  }

  /** Adds a connection or a peer; returns its socket. */
  #accept(listener: OwnedSocket, stream: StreamSocket): number {
    const { config } = this;
    const owned = createSocket(this.#context, config, { role: 'accepted', local: '', peer: '' });
    const readFile = replyFileReader(this.#context, owned.lifecycle);
    const problem = (text: string) => owned.lifecycle.emit({ kind: 'problem', text });
    const connection = connectSocket(this.#context, owned, stream, {
      config,
      handshakeMs,
      keepsHalfOpen: () => this.config.halfOpen,
      // Reads the current behaviour, so that a change takes effect with the next message.
      respond: (batch, framing) => answersOf([this.config.behaviour], batch, framing, { readFile, problem }),
      closed: () => {
        this.#connections.delete(connection);
        if (this.#connections.size === 0) this.#whenEmpty?.();
        this.#context.changed();
      },
    });
    this.#connections.add(connection);
    const { local, peer, handshake } = stream;
    const { id } = listener.lifecycle;
    owned.lifecycle.emit(
      config.transport === 'udp'
        ? { kind: 'peer-added', local, peer, listener: id }
        : { kind: 'accepted', local, peer, listener: id, handshake },
    );
    void connection.start();
    this.#context.changed();
    return owned.lifecycle.id;
  }

  /** Handles the loss of the listening socket: accepted connections stay open (UDP peers end with it). */
  #lost(listener: OwnedSocket, failure: CallFailure): void {
    listener.lifecycle.emit(failedEvent(failure));
    this.#queue.stop();
    this.#listening = undefined;
    listener.lifecycle.emit({ kind: 'closed', cause: 'failed', errno: failure.errno, bytesIn: 0, bytesOut: 0 });
    this.#error = failureOf(`${this.config.name} no longer listens on ${this.#target()}`, failure);
    this.#context.changed();
  }

  #dropped(listener: OwnedSocket, peer: string): void {
    listener.lifecycle.emit(connectionRefused(peer, this.config.limits.maxConnections));
  }

  async #explain(failure: CallFailure): Promise<Failure> {
    const { config } = this;
    const diagnosis = await this.#context.diagnose({ role: 'server', config, failure, attempts: [] });
    return failureOf(`Could not listen on ${this.#target()}`, failure, diagnosis);
  }
}
