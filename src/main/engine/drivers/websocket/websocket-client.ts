import type { ClientRequest, IncomingMessage } from 'node:http';
import type net from 'node:net';
import { WebSocket } from 'ws';
import { showControls } from '#shared/bytes/text.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { headersOf } from '#shared/endpoint/http-header.ts';
import { hideTarget } from '#shared/endpoint/secret-values.ts';
import type { CallFailure } from '../call-failure.ts';
import {
  hungUp,
  notHttp,
  type ParseError,
  runUpgrade,
  type Upgraded,
  type UpgradeOptions,
} from './websocket-handshake.ts';
import { receivedAnswer, receivedHead, sentRequest } from './websocket-http.ts';
import { WebSocketMessages } from './websocket-messages.ts';
import { maxHeaderBytes, sharedOptions } from './websocket-options.ts';

/**
 * Does a client's opening handshake (RFC 6455, section 4.1) over a connection that is open: `socket`, over `carrier` where
 * there is TLS between. No redirect is followed.
 */
export function upgradeClient(
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
      const text = `${hideTarget(url)} is no WebSocket URL: ${error instanceof Error ? error.message : String(error)}`;
      attempt.fail({ call: 'handshake', errno: 'ERR_INVALID_URL', text });
      return;
    }
    const fail = (error: ParseError) => attempt.fail(failureOf(error));
    ws.on('error', fail);
    ws.on('upgrade', (answer) => options.noted?.(receivedHead(answer)));
    ws.on('unexpected-response', async (_request, answer) => {
      const failure = statusFailure(answer);
      // Where the connection ends before the body does.
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
  // A zone belongs to this machine: the server has no use for it (RFC 6874, section 1).
  const name = host.includes(':') ? `[${host.split('%', 1)[0]}]` : host;
  return `${secure ? 'wss' : 'ws'}://${name}:${port}${ws.path}`;
}

function failureOf(error: ParseError): CallFailure {
  const { code, message } = error;
  // `ws` gives the answers it refuses no code: a wrong Sec-WebSocket-Accept, a subprotocol nobody asked for.
  if (code === undefined)
    return { call: 'handshake', errno: 'WS_ERR_HANDSHAKE', text: `the server’s answer: ${message}` };
  if (code.startsWith('HPE_')) return { call: 'handshake', errno: code, text: notHttp('server', error) };
  return hungUp(error);
}

function statusFailure({ statusCode, statusMessage = '', headers }: IncomingMessage): CallFailure {
  const status = `${statusCode} ${statusMessage}`.trim();
  const elsewhere = headers.location === undefined ? '' : `, and points to ${headers.location}`;
  const text = showControls(`the server answered HTTP ${status}${elsewhere}`).slice(0, 500);
  return { call: 'handshake', errno: 'ERR_HTTP_STATUS', text };
}
