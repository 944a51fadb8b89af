import type { ClientRequest, IncomingMessage } from 'node:http';
import type net from 'node:net';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8, endOfCharacters, previewText } from '#shared/bytes/text.ts';
import { hideHeader, hideTarget } from '#shared/endpoint/upgrade-request.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from '../../failures.ts';
import { type HandshakeOptions, isCallFailure } from '../driver.ts';
import { maxHeaderBytes, type WebSocketMessages } from './websocket-messages.ts';

/** An open WebSocket, and the event of its handshake. */
export interface Upgraded {
  readonly messages: WebSocketMessages;
  readonly event: Extract<SocketEvent, { kind: 'upgraded' }>;
}

/** The callbacks for the end of a handshake. Only the first call has an effect. */
export interface Attempt {
  done(upgraded: Upgraded): void;
  fail(failure: CallFailure): void;
  /** The handshake has failed, and the answer is being sent: it ends when the connection is closed. */
  refuse(failure: CallFailure): void;
}

/** `startedAt` is the time of `performance.now()` from which the timeout counts. */
export interface UpgradeOptions extends HandshakeOptions {
  readonly startedAt: number;
}

const closedEarly: CallFailure = {
  call: 'handshake',
  errno: 'ECONNRESET',
  text: 'the peer closed the connection during the WebSocket handshake',
};

/**
 * Starts a WebSocket handshake over `socket` with `start` and waits for its end: complete, failed, timed out (`ETIMEDOUT`,
 * even while the peer sends), cancelled (`ECANCELED`) or closed by the peer. After a failure the socket is destroyed.
 */
export function runUpgrade(
  socket: net.Socket,
  { timeoutMs, signal, startedAt }: UpgradeOptions,
  start: (attempt: Attempt) => void,
): Promise<Upgraded | CallFailure> {
  return new Promise((resolve) => {
    let refusal: CallFailure | undefined;
    let error: NodeJS.ErrnoException | undefined;
    const settle = (result: Upgraded | CallFailure) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('close', closed);
      if (isCallFailure(result)) socket.destroy();
      resolve(result);
    };
    const abort = () => settle({ call: 'handshake', errno: 'ECANCELED' });
    const closed = () => settle(refusal ?? (error ? hungUp(error) : closedEarly));
    const late = () => {
      const text = `the WebSocket handshake was not complete within ${timeoutMs} ms`;
      settle(refusal ?? { call: 'handshake', errno: 'ETIMEDOUT', text });
    };
    const timer = setTimeout(late, Math.max(0, timeoutMs - (performance.now() - startedAt)));
    signal.addEventListener('abort', abort);
    // Not removed, so that a late error of an abandoned socket does not end the program.
    socket.on('error', (reason) => {
      error ??= reason;
    });
    socket.on('close', closed);
    if (signal.aborted) {
      abort();
      return;
    }
    // Node emits an end only once, which may have been before the handshake.
    if (socket.destroyed || socket.readableEnded) {
      settle(closedEarly);
      return;
    }
    start({
      done: settle,
      fail: settle,
      refuse(failure) {
        refusal ??= failure;
      },
    });
  });
}

/** Returns the failure for an error of the connection during the handshake. */
export function hungUp(error: NodeJS.ErrnoException): CallFailure {
  const { code = 'UNKNOWN', syscall, message } = error;
  // Node's HTTP reports ECONNRESET (“socket hang up”) for a FIN, too.
  if (code === 'ECONNRESET') return closedEarly;
  return { call: 'handshake', errno: code, ...(syscall === undefined && { text: message }) };
}

/** An error of Node's HTTP parser: `reason` is the parser's, `rawPacket` is the invalid read. */
export interface ParseError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

/** Returns the problem of bytes that `who` sent instead of HTTP/1.1, as text. */
export function notHttp(who: 'client' | 'server', { code, reason, rawPacket, message }: ParseError): string {
  if (code === 'HPE_HEADER_OVERFLOW') return `the ${who} sent more than ${maxHeaderBytes} bytes of HTTP headers`;
  const first = rawPacket?.[0];
  // The record types of a TLS handshake and of an alert (RFC 8446, section 5.1): HTTP never begins with them.
  if (first === 0x16 || first === 0x15)
    return `the ${who} speaks TLS, but this side speaks plain HTTP: use wss on both sides`;
  const sent = rawPacket?.length ? `: “${previewText(rawPacket, 40)}”` : '';
  return `the ${who} sent bytes that are not HTTP (${reason ?? message})${sent}`;
}

type HttpEvent = Extract<SocketEvent, { kind: 'http' }>;

/** The maximum number of bytes that are kept of the body of a refusal. */
const maxBodyBytes = 16_384;
/** The time limit for receiving the body of a refusal. */
const bodyTimeoutMs = 1_000;

/** Returns the event of a request before Node sends it, with placeholders for its secrets. */
export function sentRequest(request: ClientRequest): HttpEvent {
  const lines = request.getRawHeaderNames().flatMap((name) => {
    const value = request.getHeader(name) ?? '';
    return (Array.isArray(value) ? value : [value]).map((one) => hideHeader(`${name}: ${one}`));
  });
  return { kind: 'http', way: 'sent', lines: [`${request.method} ${hideTarget(request.path)} HTTP/1.1`, ...lines] };
}

/** Returns the event of a received request, or of an answer without its body, with placeholders for its secrets. */
export function receivedHead(message: IncomingMessage): HttpEvent {
  const { httpVersion, method, url = '', statusCode, statusMessage = '', rawHeaders } = message;
  const start = statusCode
    ? `HTTP/${httpVersion} ${statusCode} ${statusMessage}`
    : `${method} ${hideTarget(url)} HTTP/${httpVersion}`;
  const lines = [start.trimEnd()];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    lines.push(hideHeader(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`));
  return { kind: 'http', way: 'received', lines };
}

/** Resolves to the event of an answer with the beginning of its body, once enough of it is received, it has ended, or the time limit expires. */
export function receivedAnswer(answer: IncomingMessage): Promise<HttpEvent> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const done = () => {
      clearTimeout(timer);
      const body = Buffer.concat(chunks);
      const kept = body.subarray(0, maxBodyBytes);
      const isPart = length > maxBodyBytes || !answer.complete;
      const text = decodeUtf8(isPart ? kept.subarray(0, endOfCharacters(kept)) : kept);
      const event: HttpEvent = { ...receivedHead(answer), body: text ?? `hex: ${toHex(kept, ' ')}` };
      resolve(isPart ? { ...event, more: true } : event);
    };
    const timer = setTimeout(done, bodyTimeoutMs);
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBodyBytes) {
        answer.pause();
        done();
      }
    });
    for (const event of ['end', 'close', 'error']) answer.once(event, done);
  });
}
