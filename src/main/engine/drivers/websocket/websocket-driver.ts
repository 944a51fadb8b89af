import type { ClientRequest, IncomingMessage } from 'node:http';
import type net from 'node:net';
import { WebSocket } from 'ws';
import { showControls } from '#shared/bytes/text.ts';
import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { headersOf, hideTarget } from '#shared/endpoint/upgrade-request.ts';
import type { CallFailure } from '../../failures.ts';
import { type Driver, type HandshakeOptions, isCallFailure } from '../driver.ts';
import { connectCarrier, listenCarrier } from '../net-carrier.ts';
import type { Secured } from '../tls/tls-layer.ts';
import {
  hungUp,
  notHttp,
  type ParseError,
  receivedAnswer,
  receivedHead,
  runUpgrade,
  sentRequest,
  type Upgraded,
  type UpgradeOptions,
} from './websocket-handshake.ts';
import { maxHeaderBytes, sharedOptions, WebSocketMessages } from './websocket-messages.ts';
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

/**
 * Makes a client's opening handshake (RFC 6455, section 4.1) over the open connection `socket`; with TLS, `carrier` is the
 * connection below it. Follows no redirects.
 */
function upgradeClient(
  socket: net.Socket,
  carrier: net.Socket,
  config: ClientConfig<'ws' | 'wss'>,
  options: UpgradeOptions,
): Promise<Upgraded | CallFailure> {
  return runUpgrade(socket, options, (attempt) => {
    const startedAt = performance.now();
    const url = urlOf(config, socket !== carrier);
    const wsOptions = {
      ...sharedOptions(config.limits),
      createConnection: () => socket,
      maxHeaderSize: maxHeaderBytes,
      headers: headersOf(config.ws.headers),
      ...(config.ws.origin === '' ? {} : { origin: config.ws.origin }),
      finishRequest: (request: ClientRequest) => {
        options.noted?.(sentRequest(request));
        request.end();
      },
    };
    let ws: WebSocket;
    try {
      ws = new WebSocket(url, [...new Set(config.ws.protocols)], wsOptions);
    } catch (error) {
      const text = `${hideTarget(url)} is not a WebSocket URL: ${error instanceof Error ? error.message : String(error)}`;
      attempt.fail({ call: 'handshake', errno: 'ERR_INVALID_URL', text });
      return;
    }
    const fail = (error: ParseError) => attempt.fail(failureOf(error));
    ws.on('error', fail);
    ws.on('upgrade', (answer) => options.noted?.(receivedHead(answer)));
    ws.on('unexpected-response', async (_request, answer) => {
      const failure = statusFailure(answer);
      // The connection may end before the body.
      attempt.refuse(failure);
      options.noted?.(await receivedAnswer(answer));
      attempt.fail(failure);
    });
    ws.once('open', () => {
      ws.off('error', fail);
      const messages = new WebSocketMessages({ ws, socket, carrier, config });
      const elapsedMs = performance.now() - startedAt;
      attempt.done({
        messages,
        event: { kind: 'upgraded', url: hideTarget(ws.url), protocol: ws.protocol, elapsedMs },
      });
    });
  });
}

function urlOf({ host, port, ws }: ClientConfig<'ws' | 'wss'>, secure: boolean): string {
  // A zone has a meaning on this machine only (RFC 6874, section 1).
  const name = host.includes(':') ? `[${host.split('%', 1)[0]}]` : host;
  return `${secure ? 'wss' : 'ws'}://${name}:${port}${ws.path}`;
}

function failureOf(error: ParseError): CallFailure {
  const { code, message } = error;
  if (code === undefined)
    return { call: 'handshake', errno: codeOfWsMessage(message), text: `the server’s answer: ${message}` };
  if (code.startsWith('HPE_')) return { call: 'handshake', errno: code, text: notHttp('server', error) };
  return hungUp(error);
}

function statusFailure({ statusCode: status, statusMessage = '', headers }: IncomingMessage): CallFailure {
  const redirect = headers.location === undefined ? '' : `, and redirects to ${headers.location}`;
  const text = showControls(`${`the server answered HTTP ${status} ${statusMessage}`.trim()}${redirect}`).slice(0, 500);
  return { call: 'handshake', errno: 'ERR_HTTP_STATUS', text, status };
}

/** The messages of the library `ws` for an answer whose subprotocol was not offered, or is missing (RFC 6455, section 4.1). */
const subprotocolMessages: ReadonlySet<string> = new Set([
  'Server sent a subprotocol but none was requested',
  'Server sent an invalid subprotocol',
  'Server sent no subprotocol',
]);

/**
 * Returns a code for `message`, of an error with which `ws` ended a client's handshake: `ws` has no codes for invalid answers, such as
 * a wrong Sec-WebSocket-Accept or subprotocol.
 */
function codeOfWsMessage(message: string): 'WS_ERR_SUBPROTOCOL' | 'WS_ERR_HANDSHAKE' {
  return subprotocolMessages.has(message) ? 'WS_ERR_SUBPROTOCOL' : 'WS_ERR_HANDSHAKE';
}
