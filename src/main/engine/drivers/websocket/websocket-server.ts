import http from 'node:http';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { showControls } from '#shared/bytes/text.ts';
import type { ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { hideTarget } from '#shared/endpoint/upgrade-request.ts';
import { formatAddress } from '#shared/socket/address.ts';
import type { CallFailure } from '../../failures.ts';
import { endsOf } from '../net-stream.ts';
import {
  type Attempt,
  notHttp,
  type ParseError,
  receivedHead,
  runUpgrade,
  type Upgraded,
  type UpgradeOptions,
} from './websocket-handshake.ts';
import { maxHeaderBytes, sharedOptions, WebSocketMessages } from './websocket-messages.ts';

/** The time that a refused client has to read the answer. */
const lingerMs = 500;
/** The maximum number of characters that are kept of a requested URL. */
const maxUrl = 2_048;

interface Pending {
  readonly attempt: Attempt;
  readonly socket: net.Socket;
  readonly carrier: net.Socket;
  readonly startedAt: number;
  readonly noted: UpgradeOptions['noted'];
  refused: boolean;
}

/**
 * The server's side of the opening handshake (RFC 6455, section 4.2). It does not listen: it passes each accepted connection
 * to an HTTP server of Node. The timeouts of that server are active only while it listens; the timeout of the handshake
 * replaces them.
 */
export class UpgradeServer {
  readonly #config: ServerConfig<'ws' | 'wss'>;
  readonly #http: http.Server;
  readonly #ws: WebSocketServer;
  readonly #pending = new Map<Duplex, Pending>();

  constructor(config: ServerConfig<'ws' | 'wss'>) {
    this.#config = config;
    const { protocols } = config.ws;
    const options = {
      ...sharedOptions(config.limits),
      noServer: true,
      clientTracking: false,
      // The server's order decides; without a common protocol none is selected, which the client may reject.
      handleProtocols: (offered: Set<string>) => protocols.find((protocol) => offered.has(protocol)) ?? false,
    };
    this.#ws = new WebSocketServer(options);
    this.#ws.on('headers', (lines: string[], request: http.IncomingMessage) =>
      this.#pending.get(request.socket)?.noted?.({ kind: 'http', way: 'sent', lines: [...lines] }),
    );
    this.#ws.on('wsClientError', (error: Error, socket: Duplex, request: http.IncomingMessage) =>
      this.#refuse(socket, request.method === 'GET' ? 400 : 405, error.message),
    );
    // Requests that Node would answer automatically (no Host, an unknown Expect) are answered and recorded here.
    this.#http = http.createServer({ maxHeaderSize: maxHeaderBytes, requireHostHeader: false });
    for (const event of ['request', 'checkContinue', 'checkExpectation']) {
      this.#http.on(event, (request, response) => this.#answerPlain(request, response));
    }
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http.on('connect', (_request, socket) => this.#refuse(socket, 405, 'this server is not a proxy'));
    this.#http.on('clientError', (error, socket) => this.#refuseInvalid(error, socket));
  }

  /** Makes the handshake over the open connection `socket`; with TLS, `carrier` is the connection below it. */
  async upgrade(socket: net.Socket, carrier: net.Socket, options: UpgradeOptions): Promise<Upgraded | CallFailure> {
    const result = await runUpgrade(socket, options, (attempt) => {
      this.#pending.set(socket, {
        attempt,
        socket,
        carrier,
        startedAt: performance.now(),
        noted: options.noted,
        refused: false,
      });
      // Node documents that a Duplex may be passed to an HTTP server by this event.
      this.#http.emit('connection', socket);
    });
    this.#pending.delete(socket);
    return result;
  }

  #upgrade(request: http.IncomingMessage, stream: Duplex, head: Buffer): void {
    const pending = this.#pending.get(stream);
    if (!pending) {
      stream.destroy();
      return;
    }
    pending.noted?.(receivedHead(request));
    const { path } = this.#config.ws;
    if (pathOf(request.url) !== pathOf(path)) {
      this.#refuse(
        stream,
        404,
        `the client requested ${hideTarget(request.url ?? '')}, but this server’s path is ${hideTarget(path)}`,
      );
      return;
    }
    const { attempt, socket, carrier, startedAt } = pending;
    this.#ws.handleUpgrade(request, stream, head, (ws) => {
      const messages = new WebSocketMessages({ ws, socket, carrier, config: this.#config });
      const url = requestedUrl(request, carrier, socket !== carrier);
      const elapsedMs = performance.now() - startedAt;
      attempt.done({ messages, event: { kind: 'upgraded', url, protocol: ws.protocol, elapsedMs } });
    });
  }

  #answerPlain(request: http.IncomingMessage, response: http.ServerResponse): void {
    const pending = this.#pending.get(request.socket);
    if (!pending || pending.refused) return;
    pending.refused = true;
    pending.noted?.(receivedHead(request));
    pending.attempt.refuse(
      refusal(426, `${request.method} ${hideTarget(request.url ?? '')} does not request an upgrade`),
    );
    const text = 'This is a WebSocket server: connect with a WebSocket client.\n';
    // RFC 9110, section 15.5.22: the answer names the required protocol.
    const headers = {
      Connection: 'upgrade, close',
      Upgrade: 'websocket',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    pending.noted?.({ kind: 'http', way: 'sent', lines: ['HTTP/1.1 426 Upgrade Required', ...lines], body: text });
    response.writeHead(426, headers);
    response.end(text);
    request.resume();
  }

  #refuseInvalid(error: ParseError, socket: Duplex): void {
    const { code = 'UNKNOWN' } = error;
    // After an error of the connection no answer can be sent.
    if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') {
      socket.destroy();
      return;
    }
    const failure: CallFailure = { call: 'handshake', errno: code, text: notHttp('client', error) };
    this.#refuse(
      socket,
      code === 'HPE_HEADER_OVERFLOW' ? 431 : 400,
      'the request is not a WebSocket handshake',
      failure,
    );
  }

  /** Answers with `status` and ends the connection once the client has read it. */
  #refuse(socket: Duplex, status: number, text: string, failure = refusal(status, text)): void {
    const pending = this.#pending.get(socket);
    if (!pending || pending.refused) return;
    pending.refused = true;
    pending.attempt.refuse(failure);
    const head = [
      `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Length: 0',
      'Sec-WebSocket-Version: 13',
    ];
    pending.noted?.({ kind: 'http', way: 'sent', lines: head });
    // Closing a connection with unread bytes makes the system send RST, and the client would not receive the answer.
    socket.resume();
    socket.end(`${head.join('\r\n')}\r\n\r\n`);
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(timer));
  }
}

function refusal(status: number, text: string): CallFailure {
  const why = showControls(text).slice(0, 500);
  return {
    call: 'handshake',
    errno: 'ERR_HTTP_STATUS',
    text: `answered HTTP ${status} ${http.STATUS_CODES[status]}: ${why}`,
  };
}

/** Returns the normalised path of a request's target, without its query; a target may be a whole URL (RFC 9112, section 3.2.2). */
function pathOf(target = ''): string | undefined {
  return URL.parse(target.startsWith('/') ? `ws://server${target}` : target)?.pathname;
}

/** Returns the URL that the client used, as far as its request contains it. */
function requestedUrl({ headers, url = '' }: http.IncomingMessage, carrier: net.Socket, secure: boolean): string {
  const host = headers.host ?? formatAddress(endsOf(carrier).local);
  const whole = url.startsWith('/') ? `${secure ? 'wss' : 'ws'}://${host}${url}` : url;
  return showControls(hideTarget(whole)).slice(0, maxUrl);
}
