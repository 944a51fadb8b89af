import { systemAnswer } from '#shared/socket/errno.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import type { Observer } from './printing-log.ts';

export interface ReplyWaitOptions {
  /** Done after this many messages. */
  readonly expect?: number | undefined;
  /** Done when this long passed without a message; never, where it is left out. */
  readonly waitMs?: number | undefined;
  /** A connection that ends is followed by another: that it ended ends nothing. */
  readonly reconnects?: boolean | undefined;
  /** True while nothing can come because our own output is not read. */
  readonly held: () => boolean;
  /** A connection can be sent to: its socket. */
  readonly ready?: ((socket: number) => void) | undefined;
}

type Failed = Extract<SocketEvent, { kind: 'failed' }>;

/**
 * Waits for replies: until the peer has closed, `expect` messages have come, or `waitMs` passed without one. Messages
 * count from the start, the wait begins with `begin`.
 */
export class ReplyWait implements Observer {
  readonly done: Promise<void>;
  /** Messages that came until the wait was over. */
  count = 0;
  /** How the connection failed, where it did before the wait was over. */
  failed: Failed | undefined;
  /** Which limit ended the connection, where one did: in words. */
  limited: string | undefined;
  /** The peer ended its side before the wait was over. */
  peerEnded = false;
  /** The time passed, and no message came at all. */
  silent = false;
  /** The connection ended, and no message came at all. */
  unanswered = false;
  /** There was a connection. */
  opened = false;
  readonly #options: ReplyWaitOptions;
  readonly #over = new AbortController();
  readonly #gone = new AbortController();
  /** Sockets of other peers, that an unconnected UDP socket has heard of: they come and go. */
  readonly #udpPeers = new Set<number>();
  #resolve: () => void = () => {};
  #begun = false;
  #timer: NodeJS.Timeout | undefined;
  #limit = '';
  #ponged = false;

  constructor(options: ReplyWaitOptions) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get enough(): boolean {
    return this.#options.expect === undefined || this.count >= this.#options.expect;
  }

  /** Why the connection ended, in words. */
  get endReason(): string {
    if (this.limited !== undefined) return this.limited;
    if (this.failed) return systemAnswer(this.failed.call, this.failed.errno);
    return this.peerEnded ? 'the peer ended its side (FIN)' : 'the connection ended';
  }

  /** Aborted when the wait is over. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Aborted when the connection is closed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  begin(): void {
    if (this.over.aborted || this.#begun) return;
    this.#begun = true;
    const { expect, waitMs } = this.#options;
    if (expect !== undefined && this.enough) this.end();
    else if (waitMs !== undefined) this.#timer = setTimeout(() => this.#waited(), waitMs);
  }

  received(_socket: number, count: number): void {
    if (this.over.aborted) return;
    this.count += count;
    this.#timer?.refresh();
    if (this.#begun && this.#options.expect !== undefined && this.enough) this.end();
  }

  event(socket: number, event: SocketEvent): void {
    if (event.kind === 'peer-added') this.#udpPeers.add(socket);
    if (this.#udpPeers.has(socket)) return;
    if (event.kind === 'closed' && !this.#options.reconnects) this.#gone.abort();
    if (this.over.aborted) return;
    if (isReady(event)) {
      this.opened = true;
      this.#limit = '';
      this.#options.ready?.(socket);
    }
    if (event.kind === 'control' && event.way === 'received' && event.frame === 'pong') this.#ponged = true;
    if (event.kind === 'limited') this.#limit = event.text;
    if (this.#options.reconnects) return;
    if (event.kind === 'failed' && this.opened) this.failed = event;
    if (event.kind === 'ended') this.peerEnded = true;
    if (event.kind === 'closed' && event.cause === 'timeout') this.limited = this.#limit;
    // What is lost with a connection that has not been made is told by who made it.
    if (event.kind !== 'ended' && event.kind !== 'closed') return;
    this.unanswered = this.#isUnanswered;
    this.end();
  }

  end(): void {
    if (this.over.aborted) return;
    clearTimeout(this.#timer);
    this.#over.abort();
    this.#resolve();
  }

  #waited(): void {
    if (this.#options.held()) {
      this.#timer?.refresh();
      return;
    }
    this.silent = this.#isUnanswered;
    this.end();
  }

  get #isUnanswered(): boolean {
    return this.count === 0 && !this.#ponged;
  }
}

/** True where messages can flow from `event` on. */
function isReady(event: SocketEvent): boolean {
  if (event.kind === 'upgraded') return true;
  return (event.kind === 'opened' || event.kind === 'secured') && event.handshake === undefined;
}
