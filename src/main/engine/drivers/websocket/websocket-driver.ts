import type net from 'node:net';
import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { CallFailure } from '../call-failure.ts';
import { type Driver, type HandshakeOptions, isCallFailure } from '../driver.ts';
import { connectCarrier, listenCarrier } from '../net-carrier.ts';
import type { Secured } from '../tls/tls-layer.ts';
import { upgradeClient } from './websocket-client.ts';
import { UpgradeServer } from './websocket-server.ts';
import { type Handshakes, WebSocketStream } from './websocket-stream.ts';

/** The TLS layer below a WebSocket driver. A failed handshake destroys the carrier. */
export interface WebSocketSecurity {
  client(carrier: net.Socket, config: ClientConfig<'wss'>, options: HandshakeOptions): Promise<Secured | CallFailure>;
  server(carrier: net.Socket, config: ServerConfig<'wss'>, options: HandshakeOptions): Promise<Secured | CallFailure>;
  /** Prepares what a client needs before it connects, such as its files; returns the failure, if any. */
  prepareClient?(config: ClientConfig<'wss'>): Promise<CallFailure | undefined>;
  /** Prepares what a server needs before it listens, such as its certificate; returns the failure, if any. */
  prepare?(config: ServerConfig<'wss'>): Promise<CallFailure | undefined>;
}

/**
 * Returns the driver of WebSocket (RFC 6455) over TCP, or with `security` over TLS. TCP connects and accepts first; then
 * `shakeHands` of the stream makes the handshakes.
 */
export function createWebSocketDriver(security?: WebSocketSecurity): Driver<'ws' | 'wss'> {
  return {
    async listen(config, handlers) {
      const unprepared = config.transport === 'wss' ? await security?.prepare?.(config) : undefined;
      if (unprepared) return unprepared;
      const { host, port, bind, backlog, tcp } = config;
      const { maxConnections } = config.limits;
      const server = new UpgradeServer(config);
      const handshakes: Handshakes = {
        ...(security &&
          config.transport === 'wss' && { secure: (carrier, options) => security.server(carrier, config, options) }),
        upgrade: (socket, carrier, options) => server.upgrade(socket, carrier, options),
      };
      const listening = await listenCarrier(
        { target: { host, port, bind }, backlog, maxConnections, tcp },
        {
          accepted: (carrier) => handlers.accepted(new WebSocketStream(carrier, handshakes)),
          dropped: (peer) => handlers.dropped(peer),
          failed: (failure) => handlers.failed(failure),
          lost: (failure) => handlers.lost(failure),
        },
      );
      if (isCallFailure(listening)) return listening;
      return { ...listening, event: { kind: 'listening', local: listening.local, backlog } };
    },

    prepare: async (config) => (config.transport === 'wss' ? security?.prepareClient?.(config) : undefined),

    async connect(config, { address, signal }) {
      const { localHost, localPort, connectTimeoutMs: timeoutMs, tcp } = config;
      const carrier = await connectCarrier({ address, localHost, localPort, timeoutMs, signal, tcp });
      if (isCallFailure(carrier)) return carrier;
      return new WebSocketStream(carrier, {
        ...(security &&
          config.transport === 'wss' && { secure: (below, options) => security.client(below, config, options) }),
        upgrade: (socket, below, options) => upgradeClient(socket, below, config, options),
      });
    },
  };
}
