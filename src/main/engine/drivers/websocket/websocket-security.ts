import type net from 'node:net';
import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { CallFailure } from '../call-failure.ts';
import type { HandshakeOptions } from '../driver.ts';
import type { Secured } from '../tls/tls-layer.ts';

/** TLS as a WebSocket driver needs it below itself. A failed handshake leaves the carrier destroyed. */
export interface WebSocketSecurity {
  client(carrier: net.Socket, config: ClientConfig<'wss'>, options: HandshakeOptions): Promise<Secured | CallFailure>;
  server(carrier: net.Socket, config: ServerConfig<'wss'>, options: HandshakeOptions): Promise<Secured | CallFailure>;
  /** What a client needs before it connects, its files say; gives a failure where it cannot be had. */
  prepareClient?(config: ClientConfig<'wss'>): Promise<CallFailure | undefined>;
  /** What a server needs before it listens, its certificate say; gives a failure where it cannot be had. */
  prepare?(config: ServerConfig<'wss'>): Promise<CallFailure | undefined>;
}
