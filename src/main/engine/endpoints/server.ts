import type { EndpointView } from '#shared/contract/models.ts';
import { optionOf, type ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { withoutSecrets } from '#shared/endpoint/secrets.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import { type Address, formatHostPort, isLoopback } from '#shared/socket/address.ts';
import { endingOf } from '#shared/socket/state.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { Connection } from '../connection/connection.ts';
import type { StreamSocket } from '../drivers/driver.ts';
import { type CallFailure, failureOf } from '../failures.ts';
import { reaches } from '../ip-address.ts';
import { Acceptor, notLaunched } from './acceptor.ts';
import { Answers } from './answers.ts';
import {
  type CloseOptions,
  connectSocket,
  createSocket,
  type Endpoint,
  type EndpointContext,
  type OwnedSocket,
  replyFileReader,
  targetOf,
} from './endpoint.ts';
import { peerAddress } from './resolve.ts';

/** The time limit of the TLS and WebSocket handshakes of an accepted connection. Milliseconds. */
const handshakeMs = 10_000;

/** A server: one listener (UDP: one bound socket) and its accepted connections (UDP: its peers). */
export class Server implements Endpoint {
  readonly id: string;
  config: ServerConfig;
  readonly #context: EndpointContext;
  readonly #connections = new Set<Connection>();
  #listener: OwnedSocket | undefined;
  #acceptor: Acceptor | undefined;
  #error: Failure | undefined;
  #closing: Promise<void> | undefined;
  #whenEmpty: (() => void) | undefined;

  constructor(context: EndpointContext, config: ServerConfig) {
    this.id = context.id;
    this.config = config;
    this.#context = context;
  }

  get active(): boolean {
    return this.#listener !== undefined && !this.#listener.lifecycle.closed;
  }

  async open(): Promise<Failure | undefined> {
    this.#error = undefined;
    const listener = createSocket(this.#context, this.config, {
      role: 'listener',
      local: targetOf(this.config),
      peer: '',
    });
    const acceptor = new Acceptor({
      lifecycle: listener.lifecycle,
      driverOf: this.#context.driverOf,
      config: () => this.config,
      connections: () => this.#connections.size,
      accepted: (stream) => this.#accept(listener.lifecycle.id, stream),
      lost: (failure) => this.#lost(failure),
      changed: this.#context.changed,
    });
    this.#listener = listener;
    this.#acceptor = acceptor;
    this.#context.changed();
    const failure = await acceptor.listen();
    if (acceptor.signal.aborted) {
      return fail('aborted', `Could not listen on ${targetOf(this.config)}`, { hint: 'You stopped it.' }).error;
    }
    if (failure) this.#error = await this.#explain(failure);
    this.#context.changed();
    return this.#error;
  }

  close({ keepConnections = false }: CloseOptions = {}): Promise<void> {
    const acceptor = this.#acceptor;
    // UDP has no connections without its socket.
    if (keepConnections && acceptor?.listening && !acceptor.listening.udpPeer) {
      // The address is free immediately; the accepted connections stay open until they end or `close` is called.
      acceptor.stop();
      acceptor.recordClosed();
      this.#context.changed();
      return Promise.resolve();
    }
    this.#closing ??= this.#stop(acceptor).finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  /** Calls accept(), or leaves new connections in the system's backlog. */
  async setAccepting(accepting: boolean): Promise<Result<EndpointView>> {
    const verb = accepting ? 'accept connections again' : 'stop accepting connections';
    const tried = `Could not ${verb} on “${this.config.name}”`;
    const failure = this.#acceptor ? await this.#acceptor.setAccepting(accepting, tried) : notLaunched(tried);
    return failure ? { ok: false, error: failure } : ok(this.view());
  }

  /** Returns true where a connection to `address`, an address of this machine, reaches this server. */
  listensAt(address: Address): boolean {
    const listening = this.#acceptor?.listening;
    return (
      !!listening && !listening.udpPeer && reaches(listening.local, address, optionOf(this.config, 'bind.ipv6Only'))
    );
  }

  /** Adds a peer to a bound UDP socket before it has sent anything; returns the peer's socket. */
  async addPeer(host: string, port: number): Promise<Result<{ socket: number }>> {
    const tried = `Could not add the peer ${formatHostPort(host, port)}`;
    const listener = this.#listener;
    const acceptor = this.#acceptor;
    const listening = acceptor?.listening;
    if (!listening?.udpPeer || !listener || !acceptor) {
      return fail('wrong-state', tried, { hint: 'Only a bound UDP server can send to any address.' });
    }
    const found = await peerAddress({ host, port }, { local: listening.local, signal: acceptor.signal, tried });
    if (!found.ok) return found;
    const peer = formatHostPort(found.value.host, port);
    const known = [...this.#connections].find(({ lifecycle }) => lifecycle.state.peer === peer);
    if (known) return ok({ socket: known.id });
    const { maxConnections } = this.config.limits;
    const { size } = this.#connections;
    if (size >= maxConnections) return tooManyPeers(tried, size, maxConnections);
    return ok({ socket: this.#accept(listener.lifecycle.id, listening.udpPeer(found.value)) });
  }

  view(): EndpointView {
    const state = this.#listener?.lifecycle.state;
    const isOpen = state?.word === 'listening' || state?.word === 'bound';
    const acceptor = this.#acceptor;
    const { transport } = this.config;
    return {
      id: this.id,
      config: withoutSecrets(this.config),
      state: state?.word ?? 'idle',
      socket: this.active ? (this.#listener?.lifecycle.id ?? 0) : 0,
      address: isOpen ? state.local : '',
      peers: this.#connections.size,
      exposed: isOpen && abilitiesOf(transport).host && !isLoopback(acceptor?.listening?.local.host ?? ''),
      accepting: isOpen && (acceptor?.accepting ?? false),
      ended: state && endingOf(state),
      backlogWaiting: acceptor?.queue.waiting,
      dropped: acceptor?.queue.dropped ?? 0,
      error: this.#error,
    };
  }

  async #stop(acceptor: Acceptor | undefined): Promise<void> {
    acceptor?.stop();
    for (const connection of this.#connections) connection.close('stopped');
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
    }
    await acceptor?.close();
    acceptor?.recordClosed();
    this.#context.changed();
  }

  /** Adds a connection or a peer; returns its socket. */
  #accept(listener: number, stream: StreamSocket): number {
    const { config } = this;
    const owned = createSocket(this.#context, config, { role: 'accepted', local: '', peer: '' });
    const readFile = replyFileReader(this.#context, owned.lifecycle);
    const answers = new Answers({
      log: this.#context.log,
      actions: () => [this.config.behaviour],
      readFile,
      problem: (text) => owned.lifecycle.emit({ kind: 'problem', text }),
    });
    const connection = connectSocket(this.#context, owned, stream, {
      config,
      handshakeMs,
      keepsHalfOpen: () => this.config.halfOpen,
      respond: answers.respond,
      closed: () => {
        this.#connections.delete(connection);
        if (this.#connections.size === 0) this.#whenEmpty?.();
        this.#context.changed();
      },
    });
    this.#connections.add(connection);
    const { local, peer, handshake } = stream;
    owned.lifecycle.emit(
      config.transport === 'udp'
        ? { kind: 'peer-added', local, peer, listener }
        : { kind: 'accepted', local, peer, listener, handshake },
    );
    void connection.start();
    this.#context.changed();
    return owned.lifecycle.id;
  }

  #lost(failure: CallFailure): void {
    this.#error = failureOf(`${this.config.name} no longer listens on ${targetOf(this.config)}`, failure);
    this.#context.changed();
  }

  async #explain(failure: CallFailure): Promise<Failure> {
    const { config } = this;
    const diagnosis = await this.#context.diagnose({ role: 'server', config, failure, attempts: [] });
    return failureOf(`Could not listen on ${targetOf(this.config)}`, failure, diagnosis);
  }
}

/** Returns the failure to add a peer to a bound UDP socket that has `count` peers, of at most `most`. */
function tooManyPeers(tried: string, count: number, most: number): Result<never> {
  const system = `the limit of peers (maxConnections) is ${most}, and there are ${count}`;
  return fail('too-large', tried, { system, hint: 'Close a peer, or raise maxConnections in the options.' });
}
