import { type Driver, isCallFailure } from '../driver.ts';
import { connectCarrier, listenCarrier } from '../net-carrier.ts';
import { upgradeClient } from './websocket-client.ts';
import type { WebSocketSecurity } from './websocket-security.ts';
import { UpgradeServer } from './websocket-server.ts';
import { type Handshakes, WebSocketStream } from './websocket-stream.ts';

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
