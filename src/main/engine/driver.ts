import type { Address, SocketCall } from '#shared/socket/event.ts';

/** A call of the system that failed: which, and the POSIX name of why (Node's own code where the system gave none). */
export interface CallFailure {
  readonly call: SocketCall;
  readonly errno: string;
}

/** What one connected stream tells its owner. `closed` comes exactly once, and nothing after it. */
export interface StreamHandlers {
  /** The bytes of one read. The owner may keep them. */
  data(chunk: Uint8Array): void;
  /** The peer has ended its side (FIN): no more data comes, sending may go on. */
  ended(): void;
  failed(failure: CallFailure): void;
  closed(): void;
}

/** One connected stream, whatever carries it. Reading starts with `attach`. */
export interface StreamSocket {
  readonly local: Address;
  readonly peer: Address;
  attach(handlers: StreamHandlers): void;
  /** Hands bytes to the kernel; `done` is told when it has taken all of them, or that it will not. */
  write(bytes: Uint8Array, done: (taken: boolean) => void): void;
  /** Ends our side (FIN); reading goes on. */
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

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly backlog: number;
  readonly maxConnections: number;
}

export interface ListenHandlers {
  accepted(socket: StreamSocket): void;
  /** A connection was refused because `maxConnections` are open. */
  dropped(peer: string): void;
  failed(failure: CallFailure): void;
}

export interface Listening {
  readonly local: Address;
  /** Stops accepting; resolves when the address is free again. Accepted connections live on. */
  stop(): Promise<void>;
}

export interface ConnectOptions {
  readonly address: Address;
  /** Empty and 0 let the system choose. */
  readonly localHost: string;
  readonly localPort: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One transport. A failed call is a value. */
export interface Driver {
  listen(options: ListenOptions, handlers: ListenHandlers): Promise<Listening | CallFailure>;
  connect(options: ConnectOptions): Promise<StreamSocket | CallFailure>;
}

export function isCallFailure(value: object): value is CallFailure {
  return 'errno' in value;
}
