import type { ServerConfig } from '#shared/contract/endpoint-config.ts';
import { type Failure, fail } from '#shared/contract/failure.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { formatHostPort, isLoopback } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import { respondTo } from './behaviour.ts';
import type { Connection } from './connection.ts';
import { type CallFailure, isCallFailure, type Listening, type StreamSocket } from './driver.ts';
import {
  connectSocket,
  createSocket,
  type Endpoint,
  type EndpointContext,
  type OwnedSocket,
  replyFileReader,
} from './endpoint.ts';
import { failedEvent, failureOf } from './failures.ts';
import { findFreePort, findPortHolder } from './port-holder.ts';

/** A server: one listener and the connections it has accepted. */
export class Server implements Endpoint {
  readonly id: string;
  config: ServerConfig;
  readonly #context: EndpointContext;
  readonly #connections = new Set<Connection>();
  #listener: OwnedSocket | undefined;
  #listening: Listening | undefined;
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
    const config = this.config;
    this.#error = undefined;
    const listener = createSocket(this.#context, config, {
      role: 'listener',
      local: formatHostPort(config.host, config.port),
      peer: '',
    });
    this.#listener = listener;
    this.#context.changed();
    const { host, port, backlog } = config;
    // Connections may come before `listen` has answered here; they wait until the listener is recorded.
    const early: StreamSocket[] = [];
    let ready = false;
    const listening = await this.#context.driver.listen(
      { host, port, backlog, maxConnections: config.limits.maxConnections },
      {
        accepted: (stream) => {
          if (ready) this.#accept(listener, stream);
          else early.push(stream);
        },
        dropped: (peer) => this.#dropped(listener, peer),
        failed: (failure) => this.#failed(listener, failure),
      },
    );
    if (isCallFailure(listening)) {
      this.#failed(listener, listening);
      listener.lifecycle.emit({ kind: 'closed', cause: 'failed', errno: listening.errno, bytesIn: 0, bytesOut: 0 });
      this.#error = await this.#explain(listening);
      this.#context.changed();
      return this.#error;
    }
    if (listener.lifecycle.closed) {
      // Stopped while the address was still being looked up.
      await listening.stop();
      return fail('aborted', `Could not listen on ${formatHostPort(host, port)}`, { hint: 'You stopped it.' }).error;
    }
    this.#listening = listening;
    listener.lifecycle.emit({ kind: 'listening', local: listening.local, backlog });
    ready = true;
    for (const stream of early) this.#accept(listener, stream);
    this.#context.changed();
    return undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  view(): EndpointView {
    const state = this.#listener?.lifecycle.state;
    const listening = state?.word === 'listening';
    return {
      id: this.id,
      config: this.config,
      state: state?.word ?? 'idle',
      socket: this.active ? (this.#listener?.lifecycle.id ?? 0) : 0,
      address: listening ? state.local : '',
      peers: this.#connections.size,
      exposed: listening && !isLoopback(this.#listening?.local.host ?? ''),
      error: this.#error,
    };
  }

  async #stop(): Promise<void> {
    const listener = this.#listener;
    const stopped = this.#listening?.stop();
    this.#listening = undefined;
    for (const connection of this.#connections) connection.close('stopped');
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
    }
    await stopped;
    listener?.lifecycle.emit({ kind: 'closed', cause: 'local', bytesIn: 0, bytesOut: 0 });
    this.#context.changed();
  }

  #accept(listener: OwnedSocket, stream: StreamSocket): void {
    const config = this.config;
    const owned = createSocket(this.#context, config, { role: 'accepted', local: '', peer: '' });
    const readFile = replyFileReader(this.#context, owned.lifecycle);
    const connection = connectSocket(this.#context, owned, stream, {
      framing: config.framing,
      limits: config.limits,
      keepsHalfOpen: () => this.config.halfOpen,
      // The behaviour of the moment, so that a change takes effect with the next message.
      respond: (held, chunk, cuts) => respondTo(this.config.behaviour, config.framing, { held, chunk, cuts }, readFile),
      closed: () => {
        this.#connections.delete(connection);
        if (this.#connections.size === 0) this.#whenEmpty?.();
        this.#context.changed();
      },
    });
    this.#connections.add(connection);
    owned.lifecycle.emit({
      kind: 'accepted',
      local: stream.local,
      peer: stream.peer,
      listener: listener.lifecycle.id,
    });
    connection.start();
    this.#context.changed();
  }

  #dropped(listener: OwnedSocket, peer: string): void {
    const most = this.config.limits.maxConnections;
    listener.lifecycle.emit({
      kind: 'limited',
      limit: 'maxConnections',
      text: `${peer} was turned away: ${most} connections are open, the most this server holds (maxConnections)`,
    });
  }

  #failed(listener: OwnedSocket, failure: CallFailure): void {
    listener.lifecycle.emit(failedEvent(failure));
  }

  async #explain(failure: CallFailure): Promise<Failure> {
    const { host, port } = this.config;
    const tried = `Could not listen on ${formatHostPort(host, port)}`;
    if (failure.errno !== 'EADDRINUSE') return failureOf(tried, failure);
    const [holder, freePort] = await Promise.all([findPortHolder(port), findFreePort(host, port)]);
    const who = holder ? `${holder} holds port ${port}. ` : '';
    const next = freePort ? `Stop it, or use port ${freePort}, which is free.` : lookUpErrno(failure.errno).hint;
    return failureOf(tried, failure, { hint: who + next, freePort });
  }
}
