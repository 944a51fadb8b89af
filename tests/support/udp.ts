import { isCallFailure, type Listening, type StreamSocket } from '#engine/drivers/driver.ts';
import { udpDriver } from '#engine/drivers/udp/udp-driver.ts';
import type { CallFailure } from '#engine/failures.ts';
import {
  type ClientConfig,
  type ConfigChanges,
  createConfig,
  type ServerConfig,
  type UdpOptions,
} from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** Something that tests wait on: `changed` is called after each change. */
class Watched {
  #waiting: (() => void)[] = [];

  protected told(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  /** What `find` gives, as soon as it gives something. */
  async until<T>(find: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

export interface Limit {
  readonly limit: string;
  readonly text: string;
}

/** A stream, and all that it reports. Attached immediately, unless the options say no. */
export class Recorded extends Watched {
  readonly socket: StreamSocket;
  readonly data: Buffer[] = [];
  readonly limits: Limit[] = [];
  readonly failures: CallFailure[] = [];
  /** The kinds of what it reported, in order. */
  readonly order: string[] = [];
  closed = 0;

  constructor(socket: StreamSocket, attach = true) {
    super();
    this.socket = socket;
    if (attach) this.attach();
  }

  attach(): void {
    this.socket.attach({
      data: (chunk) => this.#tell('data', () => this.data.push(Buffer.from(chunk))),
      ended: () => this.#tell('ended'),
      failed: (failure) => this.#tell('failed', () => this.failures.push(failure)),
      limited: (limit, text) => this.#tell('limited', () => this.limits.push({ limit, text })),
      closed: () =>
        this.#tell('closed', () => {
          this.closed += 1;
        }),
    });
  }

  /** Sends one datagram; true when the kernel has taken it. */
  send(bytes: Uint8Array | string): Promise<boolean> {
    const datagram = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    return new Promise((resolve) => this.socket.write(datagram, resolve));
  }

  /** The `nth` datagram, when it has come. */
  datagram(nth = 0): Promise<Buffer> {
    return this.until(() => this.data[nth]);
  }

  limit(name: string): Promise<Limit> {
    return this.until(() => this.limits.find(({ limit }) => limit === name));
  }

  whenClosed(): Promise<boolean> {
    return this.until(() => this.closed > 0);
  }

  #tell(kind: string, keep?: () => void): void {
    keep?.();
    this.order.push(kind);
    this.told();
  }
}

type UdpServerChanges = ConfigChanges<ServerConfig<'udp'>>;
type UdpClientChanges = ConfigChanges<ClientConfig<'udp'>>;

/** A bound UDP socket with its UDP peers. `await using` stops it. */
export class BoundUdp extends Watched implements AsyncDisposable {
  readonly udpPeers: Recorded[] = [];
  readonly notes: SocketEvent[] = [];
  readonly failures: CallFailure[] = [];
  #listening: Listening | undefined;

  /** Binds to a port of the system's choice on 127.0.0.1, unless `config` says otherwise. */
  static async open(config: UdpServerChanges = {}, udp: Partial<UdpOptions> = {}): Promise<BoundUdp> {
    const bound = new BoundUdp();
    const listening = await udpDriver.listen(udpServer(config, udp), {
      accepted: (socket) => {
        bound.udpPeers.push(new Recorded(socket));
        bound.told();
      },
      dropped: (peer) => {
        throw new Error(`UDP refuses no connection, but ${peer} was`);
      },
      failed: (failure) => {
        throw new Error(JSON.stringify(failure));
      },
      lost: (failure) => {
        bound.failures.push(failure);
      },
      noted: (event) => {
        bound.notes.push(event);
        bound.told();
      },
    });
    if (isCallFailure(listening)) throw new Error(JSON.stringify(listening));
    bound.#listening = listening;
    return bound;
  }

  get listening(): Listening {
    return this.#listening as Listening;
  }

  get port(): number {
    return this.listening.local.port;
  }

  udpPeer(nth = 0): Promise<Recorded> {
    return this.until(() => this.udpPeers[nth]);
  }

  to(peer: Address): Recorded {
    return new Recorded(this.listening.udpPeer?.(peer) as StreamSocket);
  }

  limits(name: string): Limit[] {
    return this.notes.flatMap((note) => (note.kind === 'limited' && note.limit === name ? [note] : []));
  }

  limit(name: string): Promise<Limit> {
    return this.until(() => this.limits(name)[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listening.stop();
  }
}

/** A UDP client with what it reports. `await using` closes it. */
export class UdpClient extends Recorded implements AsyncDisposable {
  /** The UDP peers of other peers. */
  readonly others: Recorded[] = [];

  static async open(port: number, config: UdpClientChanges = {}, udp: Partial<UdpOptions> = {}): Promise<UdpClient> {
    const opened = await connectUdp(port, config, udp, (socket) => {
      client.others.push(new Recorded(socket));
      client.told();
    });
    if (isCallFailure(opened)) throw new Error(JSON.stringify(opened));
    const client = new UdpClient(opened);
    return client;
  }

  other(nth = 0): Promise<Recorded> {
    return this.until(() => this.others[nth]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.whenClosed();
  }
}

function udpServer(config: UdpServerChanges = {}, udp: Partial<UdpOptions> = {}): ServerConfig<'udp'> {
  return createConfig('server', 'udp', { port: 0, ...config, udp });
}

/** What the driver answers to a client of `port`; its host must be an address. */
export function connectUdp(
  port: number,
  config: UdpClientChanges = {},
  udp: Partial<UdpOptions> = {},
  accepted: (socket: StreamSocket) => void = () => {},
  signal = new AbortController().signal,
): Promise<StreamSocket | CallFailure> {
  const whole = createConfig('client', 'udp', { port, ...config, udp });
  const address: Address = { host: whole.host, port, family: whole.host.includes(':') ? 6 : 4 };
  return udpDriver.connect(whole, { address, signal, accepted });
}

/** The failure that binding answers with these options. */
export async function bindFailure(config: UdpServerChanges, udp: Partial<UdpOptions> = {}): Promise<CallFailure> {
  const handlers = { accepted() {}, dropped() {}, failed() {}, lost() {}, noted() {} };
  const answer = await udpDriver.listen(udpServer(config, udp), handlers);
  if (isCallFailure(answer)) return answer;
  await answer.stop();
  throw new Error('it was bound');
}
