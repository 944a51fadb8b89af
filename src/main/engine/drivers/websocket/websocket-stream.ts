import type net from 'node:net';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Handshake } from '#shared/socket/terms.ts';
import type { CallFailure } from '../../failures.ts';
import { type HandshakeOptions, isCallFailure, type StreamHandlers, type StreamSocket } from '../driver.ts';
import { endsOf, streamOf } from '../net-stream.ts';
import type { Secured } from '../tls/tls-layer.ts';
import type { Upgraded, UpgradeOptions } from './websocket-handshake.ts';
import type { WebSocketMessages } from './websocket-messages.ts';

/** The handshakes of one side. `secure` is set with TLS only. */
export interface Handshakes {
  secure?(carrier: net.Socket, options: HandshakeOptions): Promise<Secured | CallFailure>;
  upgrade(socket: net.Socket, carrier: net.Socket, options: UpgradeOptions): Promise<Upgraded | CallFailure>;
}

/** A connection that is or becomes a WebSocket. Until its handshakes are complete it is a plain connection, which can be closed. */
export class WebSocketStream implements StreamSocket {
  readonly local: Address;
  readonly peer: Address;
  readonly handshake: Handshake;
  readonly #carrier: net.Socket;
  readonly #plain: StreamSocket;
  readonly #handshakes: Handshakes;
  /** Aborted when the owner ends the connection before the handshakes are complete. */
  readonly #handshakeAbort = new AbortController();
  #messages: WebSocketMessages | undefined;

  constructor(carrier: net.Socket, handshakes: Handshakes) {
    const ends = endsOf(carrier);
    this.local = ends.local;
    this.peer = ends.peer;
    this.handshake = handshakes.secure ? 'TLS' : 'WebSocket';
    this.#carrier = carrier;
    this.#plain = streamOf(carrier, ends);
    this.#handshakes = handshakes;
    // The connection may be reset before the handshake adds its listeners.
    carrier.on('error', () => {});
  }

  async shakeHands(options: HandshakeOptions): Promise<readonly SocketEvent[] | CallFailure> {
    const startedAt = performance.now();
    const { secure, upgrade } = this.#handshakes;
    const signal = AbortSignal.any([options.signal, this.#handshakeAbort.signal]);
    const secured = await secure?.(this.#carrier, { ...options, signal });
    if (secured && isCallFailure(secured)) return secured;
    const socket = secured?.socket ?? this.#carrier;
    const upgraded = await upgrade(socket, this.#carrier, { ...options, signal, startedAt });
    if (isCallFailure(upgraded)) return upgraded;
    this.#messages = upgraded.messages;
    return secured ? [beforeUpgrade(secured.event), upgraded.event] : [upgraded.event];
  }

  attach(handlers: StreamHandlers): void {
    if (!this.#messages) throw new Error('attach() was called before the WebSocket handshake');
    this.#messages.attach(handlers);
  }

  write(bytes: Uint8Array, done: (taken: boolean) => void): void {
    if (this.#messages) this.#messages.write(bytes, done);
    else queueMicrotask(() => done(false));
  }

  flagsOf(bytes: Uint8Array): number {
    return this.#messages?.flagsOf(bytes) ?? 0;
  }

  ping(payload: Uint8Array): boolean {
    return this.#messages?.ping(payload) ?? false;
  }

  /** RFC 6455 has no half-close: a close frame is answered with a close frame, which ends the connection. */
  endWriting(): void {}

  close(): void {
    this.#end((open) => open.close());
  }

  reset(): void {
    this.#end((open) => open.reset());
  }

  destroy(): void {
    this.#end((open) => open.destroy());
  }

  pause(): void {
    this.#messages?.pause();
  }

  resume(): void {
    this.#messages?.resume();
  }

  #end(how: (open: Pick<StreamSocket, 'close' | 'reset' | 'destroy'>) => void): void {
    how(this.#messages ?? this.#plain);
    if (!this.#messages) this.#handshakeAbort.abort();
  }
}

function beforeUpgrade(event: SocketEvent): SocketEvent {
  return event.kind === 'secured' ? { ...event, handshake: 'WebSocket' } : event;
}
