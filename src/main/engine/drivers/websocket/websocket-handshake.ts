import type net from 'node:net';
import { previewText } from '#shared/bytes/text.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { CallFailure } from '../call-failure.ts';
import { type HandshakeOptions, isCallFailure } from '../driver.ts';
import type { WebSocketMessages } from './websocket-messages.ts';
import { maxHeaderBytes } from './websocket-options.ts';

/** A WebSocket that is open, and the event that tells so. */
export interface Upgraded {
  readonly messages: WebSocketMessages;
  readonly event: Extract<SocketEvent, { kind: 'upgraded' }>;
}

/** How a handshake that has begun tells its end. All but the first call do nothing. */
export interface Attempt {
  done(upgraded: Upgraded): void;
  fail(failure: CallFailure): void;
  /** It has failed, and the peer is being told why: over when the connection is closed. */
  refuse(failure: CallFailure): void;
}

/** Time as of `performance.now()`, from which the timeout counts. */
export interface UpgradeOptions extends HandshakeOptions {
  readonly startedAt: number;
}

const closedEarly: CallFailure = {
  call: 'handshake',
  errno: 'ECONNRESET',
  text: 'the peer closed the connection during the WebSocket handshake',
};

/**
 * Lets `start` begin a WebSocket handshake over `socket` and waits for its end: done, failed, out of time (`ETIMEDOUT`,
 * however busy the peer is), called off (`ECANCELED`) or hung up on. After a failure the socket is destroyed.
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
      const text = `the WebSocket handshake was not done within ${timeoutMs} ms`;
      settle(refusal ?? { call: 'handshake', errno: 'ETIMEDOUT', text });
    };
    const timer = setTimeout(late, Math.max(0, timeoutMs - (performance.now() - startedAt)));
    signal.addEventListener('abort', abort);
    // Stays, so that a late error of a socket that is given up does not end the program.
    socket.on('error', (reason) => {
      error ??= reason;
    });
    socket.on('close', closed);
    if (signal.aborted) {
      abort();
      return;
    }
    // Node tells an end once: where it came before the handshake, nobody would hear of it again.
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

/** What an error of the connection during the handshake means. */
export function hungUp(error: NodeJS.ErrnoException): CallFailure {
  const { code = 'UNKNOWN', syscall, message } = error;
  // Node's HTTP says ECONNRESET (“socket hang up”) of a FIN, too.
  if (code === 'ECONNRESET') return closedEarly;
  return { call: 'handshake', errno: code, ...(syscall === undefined && { text: message }) };
}

/** An error of Node's HTTP parser: `reason` is the parser's, `rawPacket` the read it stumbled over. */
export interface ParseError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly rawPacket?: Buffer;
}

/** What is wrong with what `who` sent instead of HTTP/1.1, in words. */
export function notHttp(who: 'client' | 'server', { code, reason, rawPacket, message }: ParseError): string {
  if (code === 'HPE_HEADER_OVERFLOW') return `the ${who} sent more than ${maxHeaderBytes} bytes of HTTP headers`;
  const first = rawPacket?.[0];
  // The record types of a TLS handshake and of an alert (RFC 8446, section 5.1), which no HTTP begins with.
  if (first === 0x16 || first === 0x15) return `the ${who} speaks TLS, and this is plain HTTP: use wss on both sides`;
  const sent = rawPacket?.length ? `: “${previewText(rawPacket, 40)}”` : '';
  return `the ${who} sent something that is not HTTP (${reason ?? message})${sent}`;
}
