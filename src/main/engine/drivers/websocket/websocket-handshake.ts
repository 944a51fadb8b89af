import type net from 'node:net';
import { previewText } from '#shared/bytes/text.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from '../call-failure.ts';
import { type HandshakeOptions, isCallFailure } from '../driver.ts';
import type { WebSocketMessages } from './websocket-messages.ts';
import { maxHeaderBytes } from './websocket-options.ts';

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
