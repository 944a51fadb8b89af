import { isUtf8 } from 'node:buffer';
import type net from 'node:net';
import type { WebSocket } from 'ws';
import { toHex } from '#shared/bytes/hex.ts';
import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Way } from '#shared/socket/terms.ts';
import { type CallFailure, callFailure } from '../../failures.ts';
import type { StreamHandlers } from '../driver.ts';
import { endsOf, streamOf } from '../net-stream.ts';
import { abnormalClosure, answerTo, closeText } from './websocket-close.ts';

/** The time limit of the closing handshake. Milliseconds. */
export const closeGraceMs = 2_000;

/** The maximum number of queued answers to pings, 131 bytes each: more than one read can contain, so that a burst is answered. */
const maxPendingPongs = 16_384;

/** The maximum number of bytes in the headers of an HTTP request or answer. */
export const maxHeaderBytes = 16_384;

/**
 * Returns the options of `ws` that clients and servers share. Compression (permessage-deflate, RFC 7692) is off, so that the
 * recorded bytes are those of the messages and, except for the mask, those on the wire.
 */
export function sharedOptions({ maxMessage }: { readonly maxMessage: number }) {
  return {
    perMessageDeflate: false,
    maxPayload: maxMessage,
    closeTimeout: closeGraceMs,
    maxPendingAutoPongs: maxPendingPongs,
  };
}

interface OpenWebSocket {
  readonly ws: WebSocket;
  /** The socket that `ws` reads and writes; `carrier` is the connection below it (the same, without TLS). */
  readonly socket: net.Socket;
  readonly carrier: net.Socket;
  readonly config: ClientConfig<'ws' | 'wss'> | ServerConfig<'ws' | 'wss'>;
}

/**
 * An open WebSocket (RFC 6455): whole messages in both directions, the closing handshake, and one end. Create it in the event
 * in which `ws` opens, so that nothing is read before `attach`. `ws` answers pings.
 */
export class WebSocketMessages {
  readonly #ws: WebSocket;
  readonly #socket: net.Socket;
  readonly #config: ClientConfig<'ws' | 'wss'> | ServerConfig<'ws' | 'wss'>;
  readonly #reset: () => void;
  #handlers: StreamHandlers | undefined;
  /** Events from before `attach`. */
  readonly #early: ((handlers: StreamHandlers) => void)[] = [];
  #paused = false;
  /** We have begun the closing handshake. */
  #closing = false;
  /** We have aborted the connection: only its end is still reported. */
  #abandoned = false;
  /** The peer has ended the connection below (FIN). */
  #hungUp = false;
  #error: NodeJS.ErrnoException | undefined;
  /** The close code that was sent to a peer that violated the protocol. */
  #answer: number | undefined;
  #endTimer: NodeJS.Timeout | undefined;

  constructor({ ws, socket, carrier, config }: OpenWebSocket) {
    this.#ws = ws;
    this.#socket = socket;
    this.#config = config;
    this.#reset = streamOf(socket, endsOf(carrier), carrier).reset;
    // `ws` always turns Nagle's algorithm off.
    socket.setNoDelay(config.tcp.noDelay);
    ws.pause();
    ws.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    ws.on('error', (error) => this.#break(error));
    ws.on('ping', (payload) => {
      this.#note('received', 'ping', payload);
      // `ws` has answered it, unless the connection is ending.
      if (ws.readyState === ws.OPEN) this.#note('sent', 'pong', payload);
    });
    ws.on('pong', (payload) => this.#note('received', 'pong', payload));
    ws.on('close', (code, reason) => this.#end(code, String(reason)));
    const note = (error: NodeJS.ErrnoException) => {
      this.#error ??= error;
    };
    socket.on('error', note);
    if (carrier !== socket) carrier.on('error', note);
    socket.on('end', () => {
      this.#hungUp = true;
      // `ws` ends our side once all bytes are sent: a peer that no longer reads must not keep the connection open indefinitely.
      this.#endTimer = setTimeout(() => socket.destroy(), closeGraceMs);
    });
  }

  attach(handlers: StreamHandlers): void {
    queueMicrotask(() => {
      this.#handlers = handlers;
      for (const event of this.#early.splice(0)) event(handlers);
      if (!this.#paused) this.#ws.resume();
    });
  }

  write(bytes: Uint8Array, done: (accepted: boolean) => void): void {
    const text = this.flagsOf(bytes) === messageFlags.text;
    // With `auto`, text is always UTF-8.
    if (text && this.#config.ws.send === 'text' && !isUtf8(bytes)) {
      const what = `a message of ${bytes.length} bytes was not sent: a text message must be UTF-8 (RFC 6455, section 5.6)`;
      this.#emit((handlers) => handlers.limited('send', `${what}; send it as binary, or select auto`));
      queueMicrotask(() => done(false));
      return;
    }
    this.#ws.send(bytes, { binary: !text }, (error) => done(!error));
  }

  flagsOf(bytes: Uint8Array): number {
    const { send } = this.#config.ws;
    return send === 'text' || (send === 'auto' && isUtf8(bytes)) ? messageFlags.text : 0;
  }

  /** Sends a ping (RFC 6455, section 5.5.2); returns false where the connection is ending. */
  ping(payload: Uint8Array): boolean {
    if (this.#ws.readyState !== this.#ws.OPEN) return false;
    this.#ws.ping(payload);
    this.#note('sent', 'ping', payload);
    return true;
  }

  /** Starts the closing handshake, unless the peer has. The connection ends with the peer's answer, or after 2 s. */
  close(): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#closing = true;
    this.resume();
    this.#ws.close(1000);
  }

  reset(): void {
    this.#abandoned = true;
    this.#reset();
  }

  destroy(): void {
    this.#abandoned = true;
    this.#socket.destroy();
  }

  pause(): void {
    // A connection that is ending must be read from to reach its end.
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#paused = true;
    this.#ws.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#handlers) this.#ws.resume();
  }

  #emit(event: (handlers: StreamHandlers) => void): void {
    if (this.#handlers) event(this.#handlers);
    else this.#early.push(event);
  }

  #note(way: Way, frame: 'ping' | 'pong', payload: Uint8Array): void {
    if (this.#abandoned) return;
    const event = { kind: 'control', way, frame, payload: toHex(payload) } as const;
    this.#emit((handlers) => handlers.noted?.(event));
  }

  #receive(bytes: Buffer, isBinary: boolean): void {
    if (this.#abandoned) return;
    this.#emit((handlers) => handlers.data(bytes, isBinary ? 0 : messageFlags.text));
  }

  /** Handles a violation of the protocol or of a limit: `ws` has answered with a close frame and reads no more messages. */
  #break(error: NodeJS.ErrnoException): void {
    if (this.#abandoned || this.#answer !== undefined) return;
    const { code = 'UNKNOWN', message } = error;
    this.#answer = answerTo(code);
    if (this.#answer === 1009) {
      const { maxMessage } = this.#config.limits;
      const text = `a message exceeds the maximum of ${maxMessage} bytes (maxMessage): the connection is closed with ${closeText(1009)}`;
      this.#emit((handlers) => handlers.limited('maxMessage', text));
      return;
    }
    this.#emit((handlers) => handlers.failed({ call: 'recv', errno: code, text: message }));
  }

  #end(code: number, reason: string): void {
    clearTimeout(this.#endTimer);
    this.#emit((handlers) => {
      if (this.#abandoned) {
        handlers.closed();
        return;
      }
      if (this.#answer !== undefined) {
        handlers.closed(`closed locally with ${closeText(this.#answer)}`);
        return;
      }
      const failure = code === abnormalClosure ? this.#failure() : undefined;
      if (failure) {
        handlers.failed(failure);
        handlers.closed();
        return;
      }
      if (!this.#closing) handlers.ended();
      const unanswered = this.#closing && code === abnormalClosure && !this.#hungUp;
      handlers.closed(
        unanswered ? `the peer did not answer the close frame within ${closeGraceMs} ms` : closeText(code, reason),
      );
    });
  }

  /** Returns the failure that ended the connection without a closing handshake; `undefined` for the peer's FIN. */
  #failure(): CallFailure | undefined {
    const error = this.#error;
    if (error) {
      const failure = callFailure(error, 'recv');
      return error.syscall === undefined ? { ...failure, text: error.message } : failure;
    }
    if (this.#hungUp || this.#closing) return undefined;
    // The remaining cause: `ws` has aborted a connection whose peer sends pings without reading the answers.
    const text = `the peer does not read: ${maxPendingPongs} answers to its pings are queued`;
    return { call: 'send', errno: 'ENOBUFS', text };
  }
}
