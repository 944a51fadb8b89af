import {
  type Driver,
  isCallFailure,
  type Listening,
  type StreamHandlers,
  type StreamSocket,
} from '#engine/drivers/driver.ts';
import type { CallFailure } from '#engine/failures.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from '#support/config.ts';

/** Wakes those who wait for something to become true. */
class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const look of [...this.#waiting]) look();
  }

  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A stream of a driver's, which keeps all that it reports. */
export class RecordedStream implements StreamHandlers {
  readonly socket: StreamSocket;
  /** What happened beside data, in order. */
  readonly reported: string[] = [];
  failure: CallFailure | undefined;
  #received: Uint8Array[] = [];
  readonly #bell = new Bell();

  constructor(socket: StreamSocket) {
    this.socket = socket;
  }

  attach(): this {
    this.socket.attach(this);
    return this;
  }

  /** Does the handshake, then reads. Gives what the handshake reported. */
  async secure(timeoutMs = 10_000): Promise<Extract<SocketEvent, { kind: 'secured' }>> {
    const events = await this.shake(timeoutMs);
    if ('errno' in events) throw new Error(JSON.stringify(events));
    this.attach();
    const [event] = events;
    if (event?.kind !== 'secured') throw new Error(`expected “secured”, got ${event?.kind}`);
    return event;
  }

  shake(timeoutMs = 10_000, signal = new AbortController().signal): Promise<readonly SocketEvent[] | CallFailure> {
    if (!this.socket.shakeHands) throw new Error('there is no handshake');
    return this.socket.shakeHands({ timeoutMs, signal });
  }

  /** The failure of a handshake that must not succeed. */
  async refusal(timeoutMs = 10_000): Promise<CallFailure> {
    const events = await this.shake(timeoutMs);
    if ('errno' in events) return events;
    throw new Error(`the handshake went through: ${JSON.stringify(events)}`);
  }

  data(chunk: Uint8Array): void {
    if (this.reported.includes('closed')) throw new Error('data after closed');
    this.#received.push(Buffer.from(chunk));
    this.#bell.ring();
  }

  ended(): void {
    this.#report('ended');
  }

  failed(failure: CallFailure): void {
    this.failure = failure;
    this.#report(`failed ${failure.errno}`);
  }

  limited(limit: string): void {
    this.#report(`limited ${limit}`);
  }

  closed(): void {
    this.#report('closed');
  }

  #report(what: string): void {
    if (this.reported.includes('closed')) throw new Error(`${what} after closed`);
    this.reported.push(what);
    this.#bell.ring();
  }

  send(text: string | Uint8Array): Promise<boolean> {
    return new Promise((resolve) => this.socket.write(Buffer.from(text), resolve));
  }

  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  /** Resolves when this much has come; gives it as text. */
  text(length: number): Promise<string> {
    return this.#bell.until(() => (this.received.length >= length ? String(this.received) : undefined));
  }

  /** Resolves when it has reported `what`. */
  until(what: string): Promise<unknown> {
    return this.#bell.until(() => this.reported.find((reported) => reported.startsWith(what)));
  }
}

/** A listening socket of a driver's. `await using` ends its streams and stops it. */
export class RecordedListener implements AsyncDisposable {
  readonly listening: Listening;
  readonly noted: SocketEvent[];
  readonly dropped: string[];
  readonly #streams: RecordedStream[];
  readonly #bell: Bell;

  private constructor(
    listening: Listening,
    {
      streams,
      noted,
      dropped,
      bell,
    }: { streams: RecordedStream[]; noted: SocketEvent[]; dropped: string[]; bell: Bell },
  ) {
    this.listening = listening;
    this.noted = noted;
    this.dropped = dropped;
    this.#streams = streams;
    this.#bell = bell;
  }

  /** Listens on a port of the system's choice, or on the path that the configuration has. */
  static async open(driver: Driver, config: ServerChanges = {}): Promise<RecordedListener> {
    const listener = await RecordedListener.try(driver, config);
    if (listener instanceof RecordedListener) return listener;
    throw new Error(JSON.stringify(listener));
  }

  static async try(driver: Driver, config: ServerChanges): Promise<RecordedListener | CallFailure> {
    const kept = {
      streams: [] as RecordedStream[],
      noted: [] as SocketEvent[],
      dropped: [] as string[],
      bell: new Bell(),
    };
    const listening = await driver.listen(serverConfig({ port: 0, ...config }), {
      accepted(socket) {
        kept.streams.push(new RecordedStream(socket));
        kept.bell.ring();
      },
      dropped(peer) {
        kept.dropped.push(peer);
        kept.bell.ring();
      },
      failed(failure) {
        throw new Error(JSON.stringify(failure));
      },
      lost(failure) {
        throw new Error(JSON.stringify(failure));
      },
      noted: (event) => kept.noted.push(event),
    });
    return isCallFailure(listening) ? listening : new RecordedListener(listening, kept);
  }

  get port(): number {
    return this.listening.local.port;
  }

  /** The `nth` connection it accepts. */
  accepted(nth = 0): Promise<RecordedStream> {
    return this.#bell.until(() => this.#streams[nth]);
  }

  async until(find: (listener: this) => boolean): Promise<void> {
    await this.#bell.until(() => (find(this) ? true : undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#streams) socket.destroy();
    await this.listening.stop();
  }
}

/** Connects to 127.0.0.1, or to `address`. */
export async function tryConnect(
  driver: Driver,
  config: ClientChanges,
  address: Address = { host: '127.0.0.1', port: config.port ?? 0, family: 4 },
): Promise<RecordedStream | CallFailure> {
  const stream = await driver.connect(clientConfig({ ...config }), {
    address,
    signal: new AbortController().signal,
    accepted() {},
  });
  return isCallFailure(stream) ? stream : new RecordedStream(stream);
}

export async function connect(driver: Driver, config: ClientChanges, address?: Address): Promise<RecordedStream> {
  const stream = await tryConnect(driver, config, address);
  if (stream instanceof RecordedStream) return stream;
  throw new Error(JSON.stringify(stream));
}
