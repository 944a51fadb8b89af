import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Handshake } from '#shared/socket/terms.ts';
import type { Transport } from '#shared/socket/transports.ts';
import type { CallFailure } from './call-failure.ts';
import { thrownFailure } from './node-error.ts';

/** What one connected stream tells its owner. `closed` comes exactly once, and nothing after it. */
export interface StreamHandlers {
  /**
   * The bytes of one read; of a transport of messages, one whole message, which may be empty. Valid until it returns: the
   * next read may go where this one went. `flags` as of a record.
   */
  data(chunk: Uint8Array, flags?: number): void;
  /** The peer has ended its side (FIN): no more data comes, sending may go on. */
  ended(): void;
  failed(failure: CallFailure): void;
  /** A limit cut or dropped something: the setting's name, and what and how much. */
  limited(limit: string, text: string): void;
  /** Something beside the messages: a ping, say. */
  noted?(event: SocketEvent): void;
  /** `text`: what the peer said of why, if anything. */
  closed(text?: string): void;
}

export interface HandshakeOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with what passes during the handshake, as it does. */
  readonly noted?: ((event: SocketEvent) => void) | undefined;
}

/** One connected stream, or one peer of a transport of messages, whatever carries it. Reading starts with `attach`. */
export interface StreamSocket {
  readonly local: Address;
  readonly peer: Address;
  /** What must be agreed on before `attach`: where there is anything, `shakeHands` does it. */
  readonly handshake?: Handshake | undefined;
  /** Gives the events that tell what was agreed on. After a failure the stream is of no more use: `destroy` it. */
  shakeHands?(options: HandshakeOptions): Promise<readonly SocketEvent[] | CallFailure>;
  attach(handlers: StreamHandlers): void;
  /**
   * Hands bytes to the kernel; `done` is told when it has taken all of them, or that it will not. Of a transport of
   * messages each call is one message.
   */
  write(bytes: Uint8Array, done: (taken: boolean) => void): void;
  /** The flags with which a message of these bytes is sent; none where it is absent. */
  flagsOf?(bytes: Uint8Array): number;
  /** Sends a ping with this payload, at most 125 bytes; returns false where none can be sent now. Only of WebSocket. */
  ping?(payload: Uint8Array): boolean;
  /** Ends our side (FIN); reading goes on. Not called where the transport has no such thing. */
  endWriting(): void;
  /** Ends both sides in order. */
  close(): void;
  /** Ends both sides at once, with RST. */
  reset(): void;
  /** Gives the descriptor back now, whatever waits. */
  destroy(): void;
  pause(): void;
  resume(): void;
}

export interface ListenHandlers {
  accepted(socket: StreamSocket): void;
  /** A connection was refused because `maxConnections` are open. */
  dropped(peer: string): void;
  failed(failure: CallFailure): void;
  /** The listening (UDP: the bound) socket is gone, and nobody has stopped it. */
  lost(failure: CallFailure): void;
  /** Something that belongs to the listening socket: a stale path that was removed, datagrams that the kernel dropped. */
  noted(event: SocketEvent): void;
}

export interface Listening {
  readonly local: Address;
  /** What is recorded of its start: `listening` or `bound`. */
  readonly event: SocketEvent;
  /** Stops accepting; resolves when the address is free again. Accepted connections live on (UDP: they end). */
  stop(): Promise<void>;
  /** Calls accept() or leaves connections in the backlog; gives a failure where it cannot. */
  setAccepting?(accepting: boolean): Promise<CallFailure | undefined>;
  /** Of UDP: a UDP peer to a peer that has not been heard of. */
  udpPeer?(peer: Address): StreamSocket;
}

interface ConnectOptions {
  /** One address of the client's host; of a local socket, its path. */
  readonly address: Address;
  readonly signal: AbortSignal;
  /** Of an unconnected UDP socket: another peer has sent something. */
  accepted(socket: StreamSocket): void;
}

/** A transport, or several that are alike. A failed call is a value. The endpoint's configuration says the rest. */
export interface Driver<Over extends Transport = Transport> {
  listen(config: ServerConfig<Over>, handlers: ListenHandlers): Promise<Listening | CallFailure>;
  /** What a client needs before it connects, its files say; gives a failure where it cannot be had. */
  prepare?(config: ClientConfig<Over>): Promise<CallFailure | undefined>;
  connect(config: ClientConfig<Over>, options: ConnectOptions): Promise<StreamSocket | CallFailure>;
}

export function isCallFailure(value: object): value is CallFailure {
  return 'errno' in value;
}

/** Agrees with the peer on what there is to agree on, if anything. What Node throws is a failure too. */
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
