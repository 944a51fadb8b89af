import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { isCallFailure, type Listening, type StreamHandlers, type StreamSocket } from '#engine/drivers/driver.ts';
import type { Secured } from '#engine/drivers/tls/tls-layer.ts';
import { createWebSocketDriver, type WebSocketSecurity } from '#engine/drivers/websocket/websocket-driver.ts';
import type { CallFailure } from '#engine/failures.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { ClientChanges, ServerChanges } from '#support/config.ts';
import { signal } from './signal.ts';

/** What a stream reported to its handlers, in order. */
export type Told =
  | { readonly kind: 'data'; readonly bytes: Buffer; readonly flags: number }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly failure: CallFailure }
  | { readonly kind: 'limited'; readonly limit: string; readonly text: string }
  | { readonly kind: 'closed'; readonly text: string | undefined };

/** Handlers that keep what they receive. */
export class StreamLog implements StreamHandlers {
  readonly told: Told[] = [];
  readonly #changed = signal();

  data(chunk: Uint8Array, flags = 0): void {
    this.#add({ kind: 'data', bytes: Buffer.from(chunk), flags });
  }

  ended(): void {
    this.#add({ kind: 'ended' });
  }

  failed(failure: CallFailure): void {
    this.#add({ kind: 'failed', failure });
  }

  limited(limit: string, text: string): void {
    this.#add({ kind: 'limited', limit, text });
  }

  closed(text?: string): void {
    this.#add({ kind: 'closed', text });
  }

  get kinds(): Told['kind'][] {
    return this.told.map(({ kind }) => kind);
  }

  get messages(): Extract<Told, { kind: 'data' }>[] {
    return this.told.filter((event) => event.kind === 'data');
  }

  /** Waits until `count` messages have come; gives them. */
  async received(count: number): Promise<Extract<Told, { kind: 'data' }>[]> {
    await this.#changed.until(() => this.messages.length >= count);
    return this.messages;
  }

  /** Waits for the end, and a turn longer for what must not follow; gives all but the messages. */
  async end(): Promise<Told[]> {
    await this.#changed.until(() => this.kinds.includes('closed'));
    await new Promise((resolve) => setImmediate(resolve));
    return this.told.filter(({ kind }) => kind !== 'data');
  }

  async first(kind: Told['kind']): Promise<Told> {
    await this.#changed.until(() => this.kinds.includes(kind));
    return this.told.find((event) => event.kind === kind) as Told;
  }

  #add(event: Told): void {
    this.told.push(event);
    this.#changed.tell();
  }
}

/** One stream after its handshake: what was agreed on or why it failed, and what it has reported since. */
export interface OpenStream {
  readonly stream: StreamSocket;
  readonly outcome: readonly SocketEvent[] | CallFailure;
  readonly log: StreamLog;
}

interface Patience {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

async function open(stream: StreamSocket, { timeoutMs = 20_000, signal = never }: Patience): Promise<OpenStream> {
  const outcome = (await stream.shakeHands?.({ timeoutMs, signal })) ?? [];
  const log = new StreamLog();
  if (isCallFailure(outcome)) stream.destroy();
  else stream.attach(log);
  return { stream, outcome, log };
}

const never = new AbortController().signal;

/** A driver that listens; each connection completes the handshake and records what it reports. `await using` ends all. */
export class WebSocketListener implements AsyncDisposable {
  readonly listening: Listening;
  readonly #accepted: OpenStream[] = [];
  readonly #streams: StreamSocket[];
  readonly #changed = signal();

  private constructor(listening: Listening, streams: StreamSocket[]) {
    this.listening = listening;
    this.#streams = streams;
  }

  static async start(
    config: ServerChanges = {},
    { security, ...patience }: Patience & { security?: WebSocketSecurity } = {},
  ): Promise<WebSocketListener> {
    const streams: StreamSocket[] = [];
    const listening = await createWebSocketDriver(security).listen(
      createConfig('server', security ? 'wss' : 'ws', { port: 0, backlog: 511, ...config }),
      {
        accepted(stream) {
          streams.push(stream);
          listener.#changed.tell();
          void open(stream, patience).then((opened) => {
            listener.#accepted.push(opened);
            listener.#changed.tell();
          });
        },
        dropped() {},
        failed() {},
        lost() {},
        noted() {},
      },
    );
    if (isCallFailure(listening)) throw new Error(`${listening.call} ${listening.errno}`);
    const listener = new WebSocketListener(listening, streams);
    return listener;
  }

  get port(): number {
    return this.listening.local.port;
  }

  /** The connection that was the `index`th to end its handshake, well or badly. */
  async accepted(index = 0): Promise<OpenStream> {
    await this.#changed.until(() => this.#accepted.length > index);
    return this.#accepted[index] as OpenStream;
  }

  /** Waits until a connection is accepted. */
  async begun(): Promise<void> {
    await this.#changed.until(() => this.#streams.length > 0);
  }

  destroyAll(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.destroyAll();
    await this.listening.stop();
  }
}

/** Connects and shakes hands. `await using` destroys the stream. */
export async function connectWebSocket(
  port: number,
  config: ClientChanges = {},
  { security, ...patience }: Patience & { security?: WebSocketSecurity } = {},
): Promise<OpenStream & AsyncDisposable> {
  const stream = await createWebSocketDriver(security).connect(
    createConfig('client', security ? 'wss' : 'ws', { port, ...config }),
    { address: { host: '127.0.0.1', port, family: 4 }, signal: never, accepted() {} },
  );
  if (isCallFailure(stream)) throw new Error(`${stream.call} ${stream.errno}`);
  const opened = await open(stream, patience);
  return { ...opened, [Symbol.asyncDispose]: async () => stream.destroy() };
}

/** Resolves when the stream has taken the message, with whether it did. */
export function written(stream: StreamSocket, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => stream.write(bytes, resolve));
}

/** A server that answers every connection with `answer` to any bytes, and then `then`s. */
export async function rawServer(talk: (socket: net.Socket) => void): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    talk(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** TLS by the least that does it: the certificate of `pem`, trusted without a check. */
export function plainSecurity(pem: { readonly cert: string; readonly key: string }): WebSocketSecurity {
  const ready = async (socket: tls.TLSSocket, event: string): Promise<Secured | CallFailure> => {
    try {
      await once(socket, event);
    } catch (error) {
      return { call: 'handshake', errno: (error as NodeJS.ErrnoException).code ?? 'UNKNOWN' };
    }
    const told = { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name, alpn: '', serverName: '' };
    return { socket, event: { kind: 'secured', ...told, trust: 'not checked', chain: [], elapsedMs: 0 } };
  };
  return {
    client: (carrier) => ready(tls.connect({ socket: carrier, rejectUnauthorized: false }), 'secureConnect'),
    server: (carrier) => ready(new tls.TLSSocket(carrier, { isServer: true, ...pem }), 'secure'),
  };
}

/** A key and a self-signed certificate for localhost, made by OpenSSL. */
export function makePem(): { readonly cert: string; readonly key: string } {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const args = ['req', '-x509', ...curve, '-nodes', '-subj', '/CN=localhost', '-keyout', '-', '-out', '-'];
  const { stdout, status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl is needed: ${stderr}`);
  return { cert: stdout, key: stdout };
}
