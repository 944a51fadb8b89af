import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Handshake } from '#shared/socket/terms.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { type CallFailure, thrownFailure } from '../failures.ts';

/** The callbacks of one connected stream. `closed` is called exactly once, and nothing after it. */
export interface StreamHandlers {
  /**
   * Receives the bytes of one read; with a transport of messages, one whole message, which may be empty. The bytes are valid
   * until it returns: the next read may overwrite them. `flags` are those of a record.
   */
  data(chunk: Uint8Array, flags?: number): void;
  /** The peer has ended its side (FIN): it sends no more bytes; sending to it may continue. */
  ended(): void;
  failed(failure: CallFailure): void;
  /** A limit truncated or dropped something: the setting's name, and a text with the amount. */
  limited(limit: string, text: string): void;
  /** An event between messages, such as a ping. */
  noted?(event: SocketEvent): void;
  /** `text` is the reason that the peer sent, if any. */
  closed(text?: string): void;
}

export interface HandshakeOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with the events of the handshake as they happen. */
  readonly noted?: ((event: SocketEvent) => void) | undefined;
}

/** One connected stream, or one peer of a transport of messages. Reading starts with `attach`. */
export interface StreamSocket {
  readonly local: Address;
  readonly peer: Address;
  /** The handshake that `shakeHands` must make before `attach`, if any. */
  readonly handshake?: Handshake | undefined;
  /** Makes the handshakes and returns their events. After a failure the stream is unusable: `destroy` it. */
  shakeHands?(options: HandshakeOptions): Promise<readonly SocketEvent[] | CallFailure>;
  attach(handlers: StreamHandlers): void;
  /**
   * Passes bytes to the kernel; calls `done` with true when it has accepted all of them, with false where it will not. With a
   * transport of messages, each call is one message.
   */
  write(bytes: Uint8Array, done: (accepted: boolean) => void): void;
  /** Returns the flags with which a message of these bytes is sent. */
  flagsOf?(bytes: Uint8Array): number;
  /** Sends a ping with a payload of up to 125 bytes; returns false where that is not possible now. WebSocket only. */
  ping?(payload: Uint8Array): boolean;
  /** Ends our side (FIN); reading continues. Not called where the transport has no half-close. */
  endWriting(): void;
  /** Ends both sides in order. */
  close(): void;
  /** Aborts the connection with RST. */
  reset(): void;
  /** Releases the descriptor immediately, and drops queued bytes. */
  destroy(): void;
  pause(): void;
  resume(): void;
}

export interface ListenHandlers {
  accepted(socket: StreamSocket): void;
  /** A connection was refused because `maxConnections` are open. */
  dropped(peer: string): void;
  failed(failure: CallFailure): void;
  /** The listening (UDP: the bound) socket has ended without `stop`. */
  lost(failure: CallFailure): void;
  /** An event of the listening socket: a stale path that was removed, or datagrams that the kernel dropped. */
  noted(event: SocketEvent): void;
}

export interface Listening {
  readonly local: Address;
  /** The event of its start: `listening` or `bound`. */
  readonly event: SocketEvent;
  /** Stops listening; resolves when the address is free again. Accepted connections stay open (UDP: they end). */
  stop(): Promise<void>;
  /** Resumes or pauses accept(); returns the failure, if any. */
  setAccepting?(accepting: boolean): Promise<CallFailure | undefined>;
  /** UDP only: returns a UDP peer, also one that has not sent anything yet. */
  udpPeer?(peer: Address): StreamSocket;
}

interface ConnectOptions {
  /** One address of the client's host; of a local socket, its path. */
  readonly address: Address;
  readonly signal: AbortSignal;
  /** Called when another peer sends to an unconnected UDP socket. */
  accepted(socket: StreamSocket): void;
}

/** One transport, or several with the same driver. A failed call is a return value. */
export interface Driver<Over extends Transport = Transport> {
  listen(config: ServerConfig<Over>, handlers: ListenHandlers): Promise<Listening | CallFailure>;
  /** Prepares what a client needs before it connects, such as its files; returns the failure, if any. */
  prepare?(config: ClientConfig<Over>): Promise<CallFailure | undefined>;
  connect(config: ClientConfig<Over>, options: ConnectOptions): Promise<StreamSocket | CallFailure>;
}

export function isCallFailure(value: object): value is CallFailure {
  return 'errno' in value;
}

/** Makes the handshakes of a socket, if any. Returns an error that Node throws as a failure. */
export async function agree(
  socket: StreamSocket,
  options: HandshakeOptions,
): Promise<readonly SocketEvent[] | CallFailure> {
  try {
    return (await socket.shakeHands?.(options)) ?? [];
  } catch (error) {
    return thrownFailure(error, 'handshake');
  }
}
