import type net from 'node:net';
import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { CallFailure } from '../call-failure.ts';
import type { HandshakeOptions } from '../driver.ts';
import type { Secured } from '../tls/tls-layer.ts';

/** The TLS layer below a WebSocket driver. A failed handshake destroys the carrier. */
export interface WebSocketSecurity {
  client(carrier: net.Socket, config: ClientConfig<'wss'>, options: HandshakeOptions): Promise<Secured | CallFailure>;
  server(carrier: net.Socket, config: ServerConfig<'wss'>, options: HandshakeOptions): Promise<Secured | CallFailure>;
  /** Prepares what a client needs before it connects, such as its files; returns the failure, if any. */
  prepareClient?(config: ClientConfig<'wss'>): Promise<CallFailure | undefined>;
  /** Prepares what a server needs before it listens, such as its certificate; returns the failure, if any. */
  prepare?(config: ServerConfig<'wss'>): Promise<CallFailure | undefined>;
}
