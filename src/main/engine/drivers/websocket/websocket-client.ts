import type { ClientRequest, IncomingMessage } from 'node:http';
import type net from 'node:net';
import { WebSocket } from 'ws';
import { showControls } from '#shared/bytes/text.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { headersOf, hideTarget } from '#shared/endpoint/upgrade-request.ts';
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
 * Makes a client's opening handshake (RFC 6455, section 4.1) over the open connection `socket`; with TLS, `carrier` is the
 * connection below it. Follows no redirects.
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
