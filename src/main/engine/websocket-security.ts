import type net from 'node:net';
import type tls from 'node:tls';
import type { ClientConfig, ServerConfig } from '#shared/contract/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure, HandshakeOptions } from './driver.ts';

/** A TLS connection that is ready for data and has not begun to read; `event` tells what was agreed on. */
export interface Secured {
  readonly socket: tls.TLSSocket;
  readonly event: SocketEvent;
}

/** TLS as a WebSocket driver needs it below itself. A failed handshake leaves the carrier destroyed. */
export interface WebSocketSecurity {
  client(carrier: net.Socket, config: ClientConfig, options: HandshakeOptions): Promise<Secured | CallFailure>;
  server(carrier: net.Socket, config: ServerConfig, options: HandshakeOptions): Promise<Secured | CallFailure>;
  /** What a server needs before it listens, its certificate say; gives a failure where it cannot be had. */
  prepare?(config: ServerConfig): Promise<CallFailure | undefined>;
}
