import net from 'node:net';
import { isReservedDescriptor } from '#files/descriptors.ts';
import type { BindOptions, TcpOptions } from '#shared/endpoint/endpoint-config.ts';
import { type Address, formatHostPort } from '#shared/socket/address.ts';
import { type CallFailure, callFailure } from '../failures.ts';
import type { PausedListener } from './accept-holder.ts';
import { adoptAccepted, createDirectSocket } from './direct-reads.ts';
import { endOf, pathAddress } from './net-stream.ts';

/*
 * TCP and local sockets of Node's `net` (RFC 9293; POSIX SOCK_STREAM). They carry plain streams, TLS and WebSocket.
 */

/** Where to listen: a host and port, or the path of a local socket. */
type ListenTarget =
  | { readonly host: string; readonly port: number; readonly bind: BindOptions }
  | { readonly path: string };

interface CarrierListenOptions {
  readonly target: ListenTarget;
  readonly backlog: number;
  readonly maxConnections: number;
  /** Left out where there is no TCP below. */
  readonly tcp?: TcpOptions;
  /** Only `streamOf` reads from the connections, so direct reads are possible. */
  readonly plain?: boolean;
}

interface CarrierHandlers {
  /** A connection was accepted; it does not read yet. */
  accepted(socket: net.Socket): void;
  dropped(peer: string): void;
  failed(failure: CallFailure): void;
  /** The listening socket has ended without `stop`. */
  lost(failure: CallFailure): void;
}

/** A listening socket. */
export interface CarrierListening {
  readonly local: Address;
  stop(): Promise<void>;
  /** Resumes or pauses accept(); returns the failure, if any. */
  setAccepting(accepting: boolean): Promise<CallFailure | undefined>;
}

/** Binds and listens. A failure names `bind`, because Node binds inside its `listen`. */
export function listenCarrier(
  options: CarrierListenOptions,
  handlers: CarrierHandlers,
): Promise<CarrierListening | CallFailure> {
  const { target, backlog } = options;
  return new Promise((resolve) => {
    const server = createServer(options, handlers);
    const refuse = (error: NodeJS.ErrnoException) => resolve(callFailure(error, 'bind'));
    server.once('error', refuse);
    const where = 'path' in target ? { path: target.path } : { host: target.host, port: target.port, ...bound(target) };
    server.listen({ ...where, backlog, exclusive: true }, () => {
      server.off('error', refuse);
      const at = server.address();
      const local = typeof at === 'string' || at === null ? pathAddress(String(at)) : endOf(at.address, at.port);
      resolve({ local, ...acceptingServer(server, options, handlers) });
    });
  });
}

function createServer({ maxConnections, tcp, plain }: CarrierListenOptions, handlers: CarrierHandlers): net.Server {
  const isDirect = readsDirectly(plain, tcp);
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: isDirect, ...socketOptions(tcp) });
  server.maxConnections = maxConnections;
  server.on('connection', (socket) => {
    if (isLastDescriptor(socket)) {
      // Without a free descriptor, libuv would silently accept and close all waiting connections.
      handlers.failed({ call: 'accept', errno: 'EMFILE' });
      socket.destroy();
    } else handlers.accepted(isDirect ? adoptAccepted(socket) : socket);
  });
  server.on('drop', (data) => {
    const { remoteAddress, remotePort } = data ?? {};
    handlers.dropped(remoteAddress === undefined ? 'a client' : formatHostPort(remoteAddress, remotePort ?? 0));
  });
  server.on('error', (error) => {
    if (server.listening) handlers.failed(callFailure(error, 'accept'));
  });
  return server;
}

/** Returns the commands on a server that listens. They are executed one after another. */
function acceptingServer(
  first: net.Server,
  options: CarrierListenOptions,
  handlers: CarrierHandlers,
): Pick<CarrierListening, 'stop' | 'setAccepting'> {
  let server: net.Server | undefined = first;
  let paused: PausedListener | undefined;
  let before: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = before.then(act);
    before = turn.catch(() => {});
    return turn;
  };

  const change = async (accepting: boolean): Promise<void> => {
    if (!accepting && server) {
      const { pauseAccepting } = await import('./accept-holder.ts');
      const listener = await pauseAccepting(server, options.backlog);
      paused = listener;
      server = undefined;
      void listener.lost.then(() => {
        if (paused !== listener) return;
        paused = undefined;
        handlers.lost({ call: 'accept', errno: 'ECONNABORTED', text: 'the process of the listening socket has ended' });
      });
    } else if (accepting && paused) {
      const listener = paused;
      paused = undefined;
      const next = createServer(options, handlers);
      await listener.release(next);
      server = next;
    } else if (!server && !paused) {
      throw new Error('the listening socket is closed');
    }
  };
  return {
    setAccepting: (accepting) =>
      inTurn(async () => {
        try {
          await change(accepting);
          return undefined;
        } catch (error) {
          return { call: 'accept', errno: 'ECANCELED', text: error instanceof Error ? error.message : String(error) };
        }
      }),
    stop: () =>
      inTurn(async () => {
        const closing = server;
        server = undefined;
        await paused?.drop();
        paused = undefined;
        if (closing) await new Promise<void>((stopped) => closing.close(() => stopped()));
      }),
  };
}

function bound({ bind }: Extract<ListenTarget, { host: string }>): net.ListenOptions {
  return { ipv6Only: bind.ipv6Only, reusePort: bind.reusePort };
}

interface CarrierConnectOptions {
  readonly address: Address;
  readonly localHost: string;
  readonly localPort: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Left out where there is no TCP below. */
  readonly tcp?: TcpOptions;
  /** As of `CarrierListenOptions`. */
  readonly plain?: boolean;
}

/** Connects to one address. The socket does not read yet. */
export function connectCarrier(options: CarrierConnectOptions): Promise<net.Socket | CallFailure> {
  const { address, localHost, localPort, timeoutMs, signal, tcp, plain } = options;
  return new Promise((resolve) => {
    const settings = { allowHalfOpen: true, ...socketOptions(tcp) };
    const socket = readsDirectly(plain, tcp) ? createDirectSocket(settings) : new net.Socket(settings);
    const settle = (result: net.Socket | CallFailure) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners();
      if (result !== socket) {
        // A late error of an abandoned socket must not end the program.
        socket.on('error', () => {});
        socket.destroy();
      }
      resolve(result);
    };
    const abort = () => settle({ call: 'connect', errno: 'ECANCELED' });
    const timer = setTimeout(() => settle({ call: 'connect', errno: 'ETIMEDOUT' }), timeoutMs);
    if (signal.aborted) {
      abort();
      return;
    }
    if (localHost !== '' && !net.isIP(localHost)) {
      // Only an address can be bound; Node throws for anything else.
      settle({ call: 'bind', errno: 'EADDRNOTAVAIL' });
      return;
    }
    signal.addEventListener('abort', abort);
    socket.once('error', (error: NodeJS.ErrnoException) => settle(callFailure(error, 'connect')));
    socket.once('connect', () => settle(isLastDescriptor(socket) ? { call: 'connect', errno: 'EMFILE' } : socket));
    const { host, port, family } = address;
    if (family === 'local') {
      socket.connect({ path: host });
      return;
    }
    socket.connect({
      host,
      port,
      family,
      ...(localHost === '' ? {} : { localAddress: localHost }),
      ...(localPort === 0 ? {} : { localPort }),
    });
  });
}

/** Returns true where `socket` has one of the descriptors that are reserved for the session and for files. Windows has no such limit. */
function isLastDescriptor(socket: net.Socket & { readonly _handle?: { readonly fd?: number } | null }): boolean {
  return isReservedDescriptor(socket._handle?.fd ?? -1);
}

/** Returns true where reads are direct: an endpoint with a receive buffer size uses Node’s reads. */
function readsDirectly(plain: boolean | undefined, tcp: TcpOptions | undefined): boolean {
  return plain === true && (tcp?.highWaterMark ?? 0) === 0;
}

/** Returns the options of `net` that servers and clients share. */
function socketOptions(tcp: TcpOptions | undefined) {
  if (!tcp) return {};
  const { noDelay, keepAlive, keepAliveDelayMs, highWaterMark } = tcp;
  return {
    noDelay,
    keepAlive,
    keepAliveInitialDelay: keepAliveDelayMs,
    ...(highWaterMark === 0 ? {} : { highWaterMark }),
  };
}
