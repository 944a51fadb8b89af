import type { Address } from '#shared/socket/address.ts';
import { formatAddress } from '#shared/socket/address.ts';
import type { CallFailure } from '../call-failure.ts';
import type { StreamHandlers, StreamSocket } from '../driver.ts';
import { Notices } from './notices.ts';
import { answerProblem, earlyWords, pausedWords, sendProblem } from './udp-problems.ts';

/** What is kept of a peer until its owner listens: so many datagrams, of so many bytes in all. */
const maxHeld = 256;
const maxHeldBytes = 262_144;

/** The bound socket that carries a UDP peer. */
export interface UdpPeerCarrier {
  readonly local: Address;
  /** Sends one datagram; `sent` is told the errno where it was not. */
  send(udpPeer: UdpPeer, bytes: Uint8Array, sent: (errno?: string) => void): void;
  /** The UDP peer has ended by itself. */
  forget(udpPeer: UdpPeer): void;
}

/** What closes the bound socket with the one UDP peer it was made for: a client's. */
export interface UdpPeerSocket {
  stop(): Promise<void>;
  destroy(): void;
}

/** One peer of a bound UDP socket. A datagram is a message: each write sends one, each read is one. */
export class UdpPeer implements StreamSocket {
  readonly local: Address;
  readonly peer: Address;
  /** The peer as it is given to the system; empty where this socket cannot reach it. */
  readonly host: string;
  /** Where the carrier keeps it. */
  readonly key: string;
  readonly #carrier: UdpPeerCarrier;
  readonly #socket: UdpPeerSocket | undefined;
  readonly #notices = new Notices((limit, text) => this.tell(limit, text));
  /** Ways to settle the sends in flight. */
  readonly #sends = new Set<(errno?: string) => void>();
  #handlers: StreamHandlers | undefined;
  /** What came before the owner listened. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #heldNews: ((handlers: StreamHandlers) => void)[] = [];
  #paused = false;
  #closing = false;
  #ended = false;

  constructor(carrier: UdpPeerCarrier, peer: Address, names: { host: string; key: string }, socket?: UdpPeerSocket) {
    this.local = carrier.local;
    this.peer = peer;
    this.host = names.host;
    this.key = names.key;
    this.#carrier = carrier;
    this.#socket = socket;
  }

  attach(handlers: StreamHandlers): void {
    this.#handlers = handlers;
    // The owner is told nothing before `attach` has returned.
    queueMicrotask(() => {
      for (const news of this.#heldNews.splice(0)) news(handlers);
      const held = this.#held;
      this.#held = [];
      this.#heldBytes = 0;
      for (const bytes of held) this.receive(bytes);
    });
    if (this.#ended) this.#tellClosed(handlers);
  }

  write(bytes: Uint8Array, done: (taken: boolean) => void): void {
    if (this.#ended || this.#closing) {
      queueMicrotask(() => done(false));
      return;
    }
    const settle = (errno?: string) => {
      if (!this.#sends.delete(settle)) return;
      if (errno !== undefined && !this.#ended) {
        const { limit, words } = sendProblem(errno, this.peer, bytes.length);
        this.#notices.add(limit, errno, bytes.length, words);
      }
      done(errno === undefined);
      if (this.#closing && this.#sends.size === 0) this.#release();
    };
    this.#sends.add(settle);
    this.#carrier.send(this, bytes, settle);
  }

  /** UDP has no FIN: nothing is sent, and nothing changes. */
  endWriting(): void {}

  close(): void {
    if (this.#ended || this.#closing) return;
    this.#closing = true;
    if (this.#sends.size === 0) this.#release();
  }

  /** UDP has no RST: the peer is told nothing. */
  reset(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.#socket) this.#socket.destroy();
    else this.end();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#notices.flush();
  }

  /** A datagram of the peer has come. */
  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#paused) {
      this.#notices.add('paused', '', bytes.length, pausedWords);
    } else if (this.#handlers && this.#held.length === 0) {
      this.#handlers.data(bytes);
    } else if (this.#held.length < maxHeld && this.#heldBytes + bytes.length <= maxHeldBytes) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
    } else {
      this.#notices.add('early', '', bytes.length, earlyWords);
    }
  }

  /** The system tells something of datagrams sent before; false where it is no such thing. */
  answered(errno: string): boolean {
    const problem = answerProblem(errno, formatAddress(this.peer));
    if (problem && !this.#ended) this.#notices.add(problem.limit, errno, 0, problem.words);
    return problem !== undefined;
  }

  tell(limit: string, text: string): void {
    this.#news((handlers) => handlers.limited(limit, text));
  }

  fail(failure: CallFailure): void {
    this.#news((handlers) => handlers.failed(failure));
  }

  /** Ends it now: what is in flight counts as not sent. */
  end(): void {
    if (this.#ended) return;
    this.#notices.flush();
    this.#ended = true;
    this.#carrier.forget(this);
    for (const settle of this.#sends) queueMicrotask(() => settle('ECANCELED'));
    if (this.#handlers) this.#tellClosed(this.#handlers);
  }

  #release(): void {
    if (this.#socket) void this.#socket.stop();
    else this.end();
  }

  #news(news: (handlers: StreamHandlers) => void): void {
    if (this.#ended) return;
    if (this.#handlers && this.#heldNews.length === 0) news(this.#handlers);
    else if (this.#heldNews.length < maxHeld) this.#heldNews.push(news);
  }

  #tellClosed(handlers: StreamHandlers): void {
    queueMicrotask(() => handlers.closed());
  }
}
