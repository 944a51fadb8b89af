import type dgram from 'node:dgram';
import { byteCount } from '#shared/bytes/units.ts';
import { type Address, formatAddress } from '#shared/socket/address.ts';
import type { CallFailure } from '../../failures.ts';
import type { StreamSocket } from '../driver.ts';
import { addressOf, systemHost } from './hosts.ts';
import { DropWatch } from './kernel-drops.ts';
import { UdpPeer, type UdpPeerCarrier, type UdpPeerSocket } from './udp-peer.ts';
import { answerProblem, datagramsWere, Notices, type NoticeWords, noAddress } from './udp-problems.ts';

/** The time that `stop` waits for datagrams that the kernel has not accepted yet. */
const stopGraceMs = 1_000;
/** How many times a datagram is sent again where send() reported the refusal of an earlier one instead. */
const maxRetries = 3;

interface UdpPortOptions {
  readonly socket: dgram.Socket;
  readonly local: Address;
  /** Of a client: its configured peer. That UDP peer and the socket end together. */
  readonly main?: Address | undefined;
  /** The socket is connected: it receives from `main` only. */
  readonly connected: boolean;
  /** The maximum number of peers besides `main`. */
  readonly maxPeers: number;
  accepted(udpPeer: StreamSocket): void;
  /** Of a server: receives events of the socket. Those of a client's socket go to its UDP peer. */
  readonly server?: PortOwner | undefined;
}

interface PortOwner {
  limited(limit: string, text: string): void;
  failed(failure: CallFailure): void;
}

/** One bound UDP socket and its UDP peers: one for each address from which it has received datagrams. */
export class UdpPort implements UdpPeerCarrier, UdpPeerSocket {
  readonly local: Address;
  readonly #main: UdpPeer | undefined;
  readonly #options: UdpPortOptions;
  readonly #socket: dgram.Socket;
  readonly #family: 4 | 6;
  readonly #udpPeers = new Map<string, UdpPeer>();
  readonly #notices = new Notices((limit, text) => this.report(limit, text));
  readonly #drops: DropWatch;
  readonly #closed: Promise<void>;
  readonly #tooMany: NoticeWords;
  #inFlight = 0;
  #stopping: NodeJS.Timeout | undefined;
  #open = true;

  constructor(options: UdpPortOptions) {
    const { socket, local, main, maxPeers } = options;
    this.#options = options;
    this.#socket = socket;
    this.local = local;
    this.#family = local.family === 6 ? 6 : 4;
    this.#tooMany = (count, bytes) =>
      `${datagramsWere(count, bytes)} dropped: sent by new peers while ${maxPeers} peers are open, the maximum of this socket (maxConnections)`;
    if (main) this.#main = this.#add(main, this);
    this.#drops = new DropWatch(local, (drops, sockets) => this.#kernelDropped(drops, sockets));
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const udpPeer of this.#udpPeers.values()) udpPeer.end();
        resolve();
      });
    });
    socket.on('message', (bytes, from) => this.#received(bytes, from.address, from.port));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#handleError(error));
  }

  /** Returns the UDP peer for an address, and creates it if none exists. It may exceed the limit, because the user adds it. */
  udpPeer(peer: Address): StreamSocket {
    const known = this.#udpPeers.get(this.#names(peer).key);
    if (known) return known;
    const added = this.#add(peer);
    if (!this.#open) added.end();
    return added;
  }

  send(udpPeer: UdpPeer, bytes: Uint8Array, sent: (errno?: string) => void, retries = maxRetries): void {
    if (!this.#open || this.#stopping) {
      queueMicrotask(() => sent('ECANCELED'));
      return;
    }
    const { port } = udpPeer.peer;
    // Node throws for either.
    if (udpPeer.host === '' || port < 1 || port > 65_535) {
      queueMicrotask(() => sent(noAddress));
      return;
    }
    const done = (error: Error | null) => {
      this.#inFlight -= 1;
      const errno = error ? errnoOf(error) : undefined;
      if (errno === 'ECONNREFUSED' && this.#options.connected && retries > 0 && this.#open) {
        // The system reports the refusal of an earlier datagram once, and has not sent this one.
        udpPeer.answered(errno);
        this.send(udpPeer, bytes, sent, retries - 1);
      } else sent(errno);
      if (this.#stopping && this.#inFlight === 0) this.destroy();
    };
    this.#inFlight += 1;
    if (this.#options.connected) this.#socket.send(bytes, done);
    else this.#socket.send(bytes, port, udpPeer.host, done);
  }

  forget(udpPeer: UdpPeer): void {
    if (this.#udpPeers.get(udpPeer.key) === udpPeer) this.#udpPeers.delete(udpPeer.key);
  }

  /** Closes the socket once the datagrams in flight are sent; resolves when its address is free again. */
  stop(): Promise<void> {
    if (this.#open && !this.#stopping) {
      if (this.#inFlight === 0) this.destroy();
      else this.#stopping = setTimeout(() => this.destroy(), stopGraceMs);
    }
    return this.#closed;
  }

  destroy(): void {
    if (!this.#open) return;
    this.#drops.end();
    this.#notices.flush();
    this.#open = false;
    clearTimeout(this.#stopping);
    this.#socket.close();
  }

  /** Reports an exceeded limit of the socket to a server's owner, or to the UDP peer of a client. */
  report(limit: string, text: string): void {
    if (this.#main) this.#main.report(limit, text);
    else this.#options.server?.limited(limit, text);
  }

  #received(bytes: Buffer, host: string, port: number): void {
    this.#drops.touched();
    const key = keyOf(host, port);
    const udpPeer = this.#udpPeers.get(key);
    if (udpPeer) {
      udpPeer.receive(bytes);
      return;
    }
    if (this.#stopping) return;
    const { connected, main, maxPeers } = this.#options;
    if (connected) {
      this.#notices.add('connected', '', bytes.length, strangerWords);
      return;
    }
    if (this.#udpPeers.size - (main ? 1 : 0) >= maxPeers) {
      this.#notices.add('maxConnections', '', bytes.length, this.#tooMany);
      return;
    }
    const added = this.#add(addressOf({ address: host, port }));
    added.receive(bytes);
    this.#options.accepted(added);
  }

  #add(peer: Address, socket?: UdpPeerSocket): UdpPeer {
    const udpPeer = new UdpPeer(this, peer, this.#names(peer), socket);
    this.#udpPeers.set(udpPeer.key, udpPeer);
    return udpPeer;
  }

  #names(peer: Address): { host: string; key: string } {
    const host = systemHost(peer.host, this.#family) ?? '';
    return { host, key: keyOf(host === '' ? peer.host : host, peer.port) };
  }

  #handleError(error: NodeJS.ErrnoException): void {
    if (!this.#open) return;
    const errno = errnoOf(error);
    const main = this.#main;
    if (main?.answered(errno)) return;
    const problem = main ? undefined : answerProblem(errno, 'a peer');
    if (problem) {
      this.#notices.add(problem.limit, errno, 0, problem.words);
      return;
    }
    const failure: CallFailure = { call: 'recv', errno };
    if (main) main.fail(failure);
    else this.#options.server?.failed(failure);
    this.destroy();
  }

  #kernelDropped(drops: number, sockets: number): void {
    const datagrams = drops === 1 ? '1 datagram' : `${drops} datagrams`;
    const shared = sockets > 1 ? ` (counted over the ${sockets} sockets that share it)` : '';
    this.report(
      'receiveBuffer',
      `the kernel dropped ${datagrams} for ${formatAddress(this.local)}${shared}: the receive buffer of ${byteCount(this.#socket.getRecvBufferSize())} was full. Raise the receive buffer (SO_RCVBUF), or reduce the rate of the peers`,
    );
  }
}

const strangerWords: NoticeWords = (count, bytes) =>
  `${datagramsWere(count, bytes)} dropped: sent by other peers before connect()`;

function keyOf(host: string, port: number): string {
  return `${host} ${port}`;
}

function errnoOf(error: NodeJS.ErrnoException): string {
  return error.code ?? 'UNKNOWN';
}
