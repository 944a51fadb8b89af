import type { EndpointView } from '#shared/contract/models.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import type { LogSink, SocketInfo } from '#shared/record/record.ts';
import { type Address, formatHostPort } from '#shared/socket/address.ts';
import { abilitiesOf, type Transport } from '#shared/socket/transports.ts';
import { Connection } from '../connection/connection.ts';
import { Lifecycle } from '../connection/recording.ts';
import type { Responder } from '../connection/step.ts';
import type { Diagnose } from '../doctor/diagnosis.ts';
import type { Driver, StreamSocket } from '../drivers/driver.ts';

/** What the engine provides to each of its endpoints. */
export interface EndpointContext {
  readonly id: string;
  readonly log: LogSink;
  readonly driverOf: (transport: Transport) => Driver;
  readonly nextSocketId: () => number;
  readonly changed: () => void;
  readonly socketChanged: (id: number) => void;
  /** Adds a socket of this endpoint to the engine's list, which drops it some time after it has closed. */
  readonly adopt: (socket: OwnedSocket) => void;
  /** Determines why something failed, and what to do. */
  readonly diagnose: Diagnose;
  readonly readReplyFile: (path: string) => Promise<Result<Uint8Array>>;
}

/** A socket in the engine's list. */
export interface OwnedSocket {
  readonly endpoint: string;
  readonly lifecycle: Lifecycle;
  /** Set once the socket is connected. */
  connection: Connection | undefined;
}

/** How an endpoint is closed. */
export interface CloseOptions {
  /** Of a server: stop listening, but keep the accepted connections open. */
  readonly keepConnections?: boolean;
}

/** A server or a client. */
export interface Endpoint {
  readonly id: string;
  config: EndpointConfig;
  /** True while it listens, connects or is connected. */
  readonly active: boolean;
  open(): Promise<Failure | undefined>;
  /** Closes the endpoint and its sockets; resolves when they are closed. */
  close(options?: CloseOptions): Promise<void>;
  view(): EndpointView;
  /** Servers only: calls accept(), or leaves new connections in the system's backlog. */
  setAccepting?(accepting: boolean): Promise<Result<EndpointView>>;
  /** Servers only: adds a peer to a bound UDP socket before it has sent anything; returns the peer's socket. */
  addPeer?(host: string, port: number): Promise<Result<{ socket: number }>>;
  /** Servers only: returns true where a connection to `address`, an address of this machine, reaches this server. */
  listensAt?(address: Address): boolean;
}

/** Returns true for a UDP client that does not call connect(). */
export function isUnconnected(config: EndpointConfig): boolean {
  return config.role === 'client' && config.transport === 'udp' && !config.udp.connected;
}

/** Returns where an endpoint listens or connects to, as text: a path, or a host and a port. */
export function targetOf({ transport, path, host, port }: EndpointConfig): string {
  return transport === 'local' ? path : formatHostPort(host, port);
}

/** Adds a socket of an endpoint to the session and to the engine's list. */
export function createSocket(
  context: EndpointContext,
  config: EndpointConfig,
  part: Pick<SocketInfo, 'role' | 'local' | 'peer'>,
): OwnedSocket {
  const id = context.nextSocketId();
  const lifecycle = new Lifecycle(
    context.log,
    {
      id,
      ...part,
      transport: config.transport,
      endpoint: context.id,
      name: config.name,
      framing: abilitiesOf(config.transport).messageOriented ? 'raw' : formatFraming(config.framing),
      ...(config.checksum === '' ? {} : { checksum: config.checksum }),
      ...(isUnconnected(config) ? { unconnected: true } : {}),
    },
    () => context.socketChanged(id),
  );
  const socket: OwnedSocket = { endpoint: context.id, lifecycle, connection: undefined };
  context.adopt(socket);
  return socket;
}

/** Joins a connected stream to its socket. The caller then records that it is open and calls `start`. */
export function connectSocket(
  context: EndpointContext,
  owned: OwnedSocket,
  stream: StreamSocket,
  options: {
    readonly config: EndpointConfig;
    readonly handshakeMs: number;
    readonly keepsHalfOpen: () => boolean;
    readonly respond?: Responder;
    readonly closed: () => void;
  },
): Connection {
  const connection = new Connection({
    log: context.log,
    lifecycle: owned.lifecycle,
    socket: stream,
    config: options.config,
    messageOriented: abilitiesOf(options.config.transport).messageOriented,
    handshakeMs: options.handshakeMs,
    keepsHalfOpen: options.keepsHalfOpen,
    respond: options.respond,
    changed: () => context.socketChanged(owned.lifecycle.id),
    closed: options.closed,
  });
  owned.connection = connection;
  return connection;
}

/** Returns a reader of reply files that records on the socket why a file could not be read. */
export function replyFileReader(
  context: EndpointContext,
  lifecycle: Lifecycle,
): (path: string) => Promise<Uint8Array | undefined> {
  return async (path) => {
    const read = await context.readReplyFile(path);
    if (read.ok) return read.value;
    const { message, system } = read.error;
    lifecycle.emit({ kind: 'problem', text: [message, system].filter(Boolean).join(': ') });
    return undefined;
  };
}
