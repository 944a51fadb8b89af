import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { ClientConfig } from '#shared/contract/endpoint-config.ts';
import type { Failure } from '#shared/contract/failure.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { formatAddress, formatHostPort } from '#shared/socket/address.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';
import type { Address } from '#shared/socket/event.ts';
import type { Connection } from './connection.ts';
import { type CallFailure, isCallFailure } from './driver.ts';
import { connectSocket, createSocket, type Endpoint, type EndpointContext, type OwnedSocket } from './endpoint.ts';
import { failedEvent, failureOf } from './failures.ts';

interface Attempt {
  readonly address: Address;
  readonly failure: CallFailure;
}

/** A client: one outgoing connection. Every address of its name is tried in the system's order, and each try recorded. */
export class Client implements Endpoint {
  readonly id: string;
  config: ClientConfig;
  readonly #context: EndpointContext;
  #socket: OwnedSocket | undefined;
  #connection: Connection | undefined;
  #abort: AbortController | undefined;
  #error: Failure | undefined;
  #closed: Promise<void> = Promise.resolve();
  #resolveClosed: () => void = () => {};

  constructor(context: EndpointContext, config: ClientConfig) {
    this.id = context.id;
    this.config = config;
    this.#context = context;
  }

  get active(): boolean {
    return this.#socket !== undefined && !this.#socket.lifecycle.closed;
  }

  async open(): Promise<Failure | undefined> {
    const config = this.config;
    const startedAt = performance.now();
    this.#error = undefined;
    this.#abort = new AbortController();
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    const socket = createSocket(this.#context, config, {
      role: 'outgoing',
      local: '',
      peer: formatHostPort(config.host, config.port),
    });
    this.#socket = socket;
    this.#context.changed();

    const { signal } = this.#abort;
    const addresses = await this.#resolve(socket, config, signal);
    if ('errno' in addresses) return this.#fail(socket, [], addresses);
    const failures: Attempt[] = [];
    for (const [index, address] of addresses.entries()) {
      if (signal.aborted) break;
      socket.lifecycle.emit({ kind: 'connecting', peer: address, attempt: index + 1, of: addresses.length });
      this.#context.changed();
      const stream = await this.#context.driver.connect({
        address,
        localHost: config.localHost,
        localPort: config.localPort,
        timeoutMs: config.connectTimeoutMs,
        signal,
      });
      if (!isCallFailure(stream)) {
        const connection = connectSocket(this.#context, socket, stream, {
          framing: config.framing,
          limits: config.limits,
          keepsHalfOpen: () => this.config.halfOpen,
          closed: () => this.#gone(),
        });
        this.#connection = connection;
        const elapsedMs = performance.now() - startedAt;
        socket.lifecycle.emit({ kind: 'opened', local: stream.local, peer: stream.peer, elapsedMs });
        connection.start();
        this.#context.changed();
        return undefined;
      }
      if (signal.aborted) break;
      failures.push({ address, failure: stream });
      socket.lifecycle.emit(failedEvent(stream, address));
    }
    return this.#fail(socket, failures, failures.at(-1)?.failure ?? { call: 'connect', errno: 'ECANCELED' });
  }

  close(): Promise<void> {
    if (!this.active) return Promise.resolve();
    if (this.#connection) this.#connection.close();
    else this.#abort?.abort();
    return this.#closed;
  }

  view(): EndpointView {
    const state = this.#socket?.lifecycle.state;
    return {
      id: this.id,
      config: this.config,
      state: state?.word ?? 'idle',
      socket: this.active ? (this.#socket?.lifecycle.id ?? 0) : 0,
      address: state?.peer ?? '',
      peers: this.#connection ? 1 : 0,
      exposed: false,
      error: this.#error,
    };
  }

  async #resolve(
    socket: OwnedSocket,
    { host, port }: ClientConfig,
    signal: AbortSignal,
  ): Promise<readonly Address[] | CallFailure> {
    const family = net.isIP(host);
    if (family === 4 || family === 6) return [{ host, port, family }];
    try {
      // The system's resolver cannot be called off, but need not be waited for.
      const found = await Promise.race([lookup(host, { all: true, order: 'verbatim' }), aborted(signal)]);
      const addresses = found.map(
        (entry): Address => ({ host: entry.address, port, family: entry.family === 6 ? 6 : 4 }),
      );
      socket.lifecycle.emit({ kind: 'resolved', name: host, addresses });
      return addresses;
    } catch (error) {
      const errno = error instanceof Error && 'code' in error ? String(error.code) : 'ENOTFOUND';
      const failure: CallFailure = { call: 'getaddrinfo', errno };
      if (!signal.aborted) socket.lifecycle.emit(failedEvent(failure));
      return failure;
    }
  }

  #fail(socket: OwnedSocket, attempts: readonly Attempt[], last: CallFailure): Failure {
    const aborted = this.#abort?.signal.aborted === true;
    const cause = aborted ? 'local' : last.errno === 'ETIMEDOUT' ? 'timeout' : 'failed';
    const errno = aborted ? undefined : last.errno;
    socket.lifecycle.emit({ kind: 'closed', cause, errno, bytesIn: 0, bytesOut: 0 });
    const failure = this.#explain(attempts, last, aborted);
    if (!aborted) this.#error = failure;
    this.#resolveClosed();
    this.#context.changed();
    return failure;
  }

  #explain(attempts: readonly Attempt[], last: CallFailure, aborted: boolean): Failure {
    const { host, port, localHost, localPort } = this.config;
    const tried = `Could not connect to ${formatHostPort(host, port)}`;
    if (aborted) {
      return { code: 'aborted', message: tried, system: '', hint: 'You ended the attempt.' };
    }
    if (last.call === 'bind' || last.errno === 'EADDRINUSE') {
      const from = formatHostPort(localHost === '' ? 'any address' : localHost, localPort);
      return failureOf(`${tried} from ${from}`, last);
    }
    if (attempts.length < 2) return failureOf(tried, last);
    const answers = attempts.map(({ address, failure }) => {
      return `${formatAddress(address)} ${failure.errno} (${lookUpErrno(failure.errno).text})`;
    });
    return failureOf(tried, last, { system: `connect answered for each address: ${answers.join('; ')}` });
  }

  #gone(): void {
    this.#connection = undefined;
    this.#resolveClosed();
    this.#context.changed();
  }
}

/** Rejects when `signal` is aborted; pending until then. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
