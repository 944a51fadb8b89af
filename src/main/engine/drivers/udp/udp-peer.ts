import { type Address, formatAddress } from '#shared/socket/address.ts';
import type { CallFailure } from '../../failures.ts';
import type { StreamHandlers, StreamSocket } from '../driver.ts';
import { answerProblem, earlyWords, Notices, pausedWords, sendProblem } from './udp-problems.ts';

/** The maximum number of datagrams that are queued until the owner attaches, and of their bytes. */
const maxEarly = 256;
const maxEarlyBytes = 262_144;

/** The bound socket that carries a UDP peer. */
export interface UdpPeerCarrier {
  readonly local: Address;
  /** Sends one datagram; calls `sent` with the errno where it was not sent. */
  send(udpPeer: UdpPeer, bytes: Uint8Array, sent: (errno?: string) => void): void;
  /** Removes a UDP peer that has ended. */
  forget(udpPeer: UdpPeer): void;
}

/** Closes the bound socket together with a client's UDP peer. */
export interface UdpPeerSocket {
  stop(): Promise<void>;
  destroy(): void;
}

/** One peer of a bound UDP socket. A datagram is a message: each write sends one, each read is one. */
export class UdpPeer implements StreamSocket {
  readonly local: Address;
  readonly peer: Address;
  /** The address in the system's format; empty where this socket cannot reach it. */
  readonly host: string;
  /** The key in the carrier's map. */
  readonly key: string;
  readonly #carrier: UdpPeerCarrier;
  readonly #socket: UdpPeerSocket | undefined;
  readonly #notices = new Notices((limit, text) => this.report(limit, text));
  /** The callbacks of the sends in flight. */
  readonly #sends = new Set<(errno?: string) => void>();
  #handlers: StreamHandlers | undefined;
  /** Datagrams and events from before `attach`. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #earlyEvents: ((handlers: StreamHandlers) => void)[] = [];
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
    // No handler is called before `attach` has returned.
    queueMicrotask(() => {
      for (const emit of this.#earlyEvents.splice(0)) emit(handlers);
      const early = this.#early;
      this.#early = [];
      this.#earlyBytes = 0;
      for (const bytes of early) this.receive(bytes);
    });
    if (this.#ended) this.#emitClosed(handlers);
  }

  write(bytes: Uint8Array, done: (accepted: boolean) => void): void {
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

  /** UDP has no RST: nothing is sent. */
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

  /** Receives a datagram from the peer. */
  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#paused) {
      this.#notices.add('paused', '', bytes.length, pausedWords);
    } else if (this.#handlers && this.#early.length === 0) {
      this.#handlers.data(bytes);
    } else if (this.#early.length < maxEarly && this.#earlyBytes + bytes.length <= maxEarlyBytes) {
      this.#early.push(bytes);
      this.#earlyBytes += bytes.length;
    } else {
      this.#notices.add('early', '', bytes.length, earlyWords);
    }
  }

  /** Reports an error of earlier datagrams; returns false for any other error. */
  answered(errno: string): boolean {
    const problem = answerProblem(errno, formatAddress(this.peer));
    if (problem && !this.#ended) this.#notices.add(problem.limit, errno, 0, problem.words);
    return problem !== undefined;
  }

  report(limit: string, text: string): void {
    this.#emit((handlers) => handlers.limited(limit, text));
  }

  fail(failure: CallFailure): void {
    this.#emit((handlers) => handlers.failed(failure));
  }

  /** Ends it immediately: datagrams in flight count as not sent. */
  end(): void {
    if (this.#ended) return;
    this.#notices.flush();
    this.#ended = true;
    this.#carrier.forget(this);
    for (const settle of this.#sends) queueMicrotask(() => settle('ECANCELED'));
    if (this.#handlers) this.#emitClosed(this.#handlers);
  }

  #release(): void {
    if (this.#socket) void this.#socket.stop();
    else this.end();
  }

  #emit(emit: (handlers: StreamHandlers) => void): void {
    if (this.#ended) return;
    if (this.#handlers && this.#earlyEvents.length === 0) emit(this.#handlers);
    else if (this.#earlyEvents.length < maxEarly) this.#earlyEvents.push(emit);
  }

  #emitClosed(handlers: StreamHandlers): void {
    queueMicrotask(() => handlers.closed());
  }
}
