import { decodeHostFrame, encodeCall, hostPaths, tokenProtocol, wireProtocol } from '#shared/contract/wire.ts';
import type { Result } from '#shared/failure.ts';
import type { Connection, PageTransport } from './transport.ts';

interface SocketOptions {
  /** The host's origin: `http://127.0.0.1:PORT`. */
  readonly address: string;
  readonly token: () => string;
  readonly upload: (
    token: string,
    file: File,
    onProgress?: (share: number) => void,
    signal?: AbortSignal,
  ) => Promise<Result<{ file: string }>>;
  /** Calls `listener` when the page's token has changed. */
  readonly onNewToken: (listener: () => void) => void;
}

/** Delays before the first, second … attempt to reconnect; the last one repeats. */
const retryDelaysMs = [100, 250, 500, 1_000, 2_000, 5_000] as const;

const reasons: Readonly<Record<Exclude<Connection, 'open'>, string>> = {
  connecting: 'the connection to Wirebench could not be opened',
  lost: 'connection to Wirebench lost',
  refused: 'this page’s token is not valid: open the address that Wirebench printed',
};

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A `Transport` over a WebSocket that reconnects with increasing delays when the connection is lost. */
class SocketTransport {
  connection: Connection = 'connecting';
  readonly connectionListeners = new Set<(connection: Connection) => void>();
  readonly eventListeners = new Set<(event: unknown) => void>();
  readonly #options: SocketOptions;
  readonly #pending = new Map<number, Pending>();
  /** Calls made before the first connection was open. */
  #early: (() => void)[] = [];
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #failures = 0;

  constructor(options: SocketOptions) {
    this.#options = options;
    options.onNewToken(() => this.#connect());
    this.#connect();
  }

  call(name: string, input: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const send = () => {
        if (this.connection !== 'open') {
          reject(new Error(reasons[this.connection]));
          return;
        }
        this.#lastId += 1;
        const bytes = encodeCall({ id: this.#lastId, name, input });
        this.#pending.set(this.#lastId, { resolve, reject });
        this.#socket?.send(bytes);
      };
      if (this.connection === 'connecting') this.#early.push(send);
      else send();
    });
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#socket?.close();
    const address = `${this.#options.address.replace(/^http/, 'ws')}${hostPaths.socket}`;
    const socket = new WebSocket(address, [wireProtocol, tokenProtocol(this.#options.token())]);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      opened = true;
      this.#failures = 0;
      this.#become('open');
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket && data instanceof ArrayBuffer) this.#receive(new Uint8Array(data));
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      void this.#lose(opened);
    };
  }

  #receive(bytes: Uint8Array): void {
    const frame = decodeHostFrame(bytes);
    if (!frame) return;
    if (frame.id === 0) {
      for (const listener of this.eventListeners) listener(frame.value);
      return;
    }
    this.#pending.get(frame.id)?.resolve(frame.value);
    this.#pending.delete(frame.id);
  }

  async #lose(wasOpen: boolean): Promise<void> {
    for (const { reject } of this.#pending.values()) reject(new Error(reasons.lost));
    this.#pending.clear();
    if (wasOpen) this.#become('lost');
    if (await this.#isRefused()) {
      this.#become('refused');
      return;
    }
    if (this.#socket) return;
    this.#become('lost');
    const delay = retryDelaysMs[Math.min(this.#failures, retryDelaysMs.length - 1)];
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), delay);
  }

  /** A browser does not report why a WebSocket failed; the host does, over HTTP. */
  async #isRefused(): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.#options.token()}` };
    try {
      const { status } = await fetch(`${this.#options.address}${hostPaths.token}`, { headers, cache: 'no-store' });
      return status === 401 && this.#socket === undefined;
    } catch {
      return false;
    }
  }

  #become(connection: Connection): void {
    const changed = this.connection !== connection;
    this.connection = connection;
    const early = this.#early;
    this.#early = [];
    for (const send of early) send();
    if (!changed) return;
    for (const listener of this.connectionListeners) listener(connection);
  }
}

/** Connects to the browser host and stays connected. Calls made while the connection is lost reject immediately. */
export function connectSocket(options: SocketOptions): PageTransport {
  const transport = new SocketTransport(options);
  return {
    call: (name, input) => transport.call(name, input),
    subscribe(listener) {
      transport.eventListeners.add(listener);
      return () => transport.eventListeners.delete(listener);
    },
    get connection() {
      return transport.connection;
    },
    onConnection(listener) {
      transport.connectionListeners.add(listener);
      return () => transport.connectionListeners.delete(listener);
    },
    upload: (file, onProgress, signal) => options.upload(options.token(), file, onProgress, signal),
  };
}
