import { systemAnswer } from '#shared/socket/errno.ts';
import { reduce, type SocketEvent } from '#shared/socket/event.ts';
import { initialState } from '#shared/socket/state.ts';

export interface ReplyWaitOptions {
  /** Done after this many messages. */
  readonly expect?: number | undefined;
  /** Done after this time without a message. Default: no limit. */
  readonly waitMs?: number | undefined;
  /** The client reconnects, so the end of a connection does not end the wait. */
  readonly reconnects?: boolean | undefined;
  /** Returns true while reading from the socket is paused because the output is congested. */
  readonly isPaused: () => boolean;
  /** Is called when a connection is ready for sending, with its socket. */
  readonly ready?: ((socket: number) => void) | undefined;
}

type Failed = Extract<SocketEvent, { kind: 'failed' }>;

/**
 * Waits for replies until the peer closes, `expect` messages are received, or no message arrives for `waitMs`. Messages
 * count from the start; the time starts with `begin`.
 */
export class ReplyWait {
  readonly done: Promise<void>;
  /** Messages received during the wait. */
  count = 0;
  /** The failure of the connection, if it failed during the wait. */
  failed: Failed | undefined;
  /** A description of the limit that ended the connection, if one did. */
  limited: string | undefined;
  /** The peer sent FIN during the wait. */
  peerEnded = false;
  /** The time passed without any message. */
  silent = false;
  /** The connection ended without any message. */
  unanswered = false;
  /** A connection was made. */
  opened = false;
  readonly #options: ReplyWaitOptions;
  readonly #over = new AbortController();
  readonly #gone = new AbortController();
  /** Other UDP peers of an unconnected socket. Their end does not end the wait. */
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

  /** Why the connection ended, as a phrase. */
  get endReason(): string {
    if (this.limited !== undefined) return this.limited;
    if (this.failed) return systemAnswer(this.failed.call, this.failed.errno);
    return this.peerEnded ? 'the peer sent FIN' : 'the connection ended';
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
    // If the connection was never made, `engine.open` returns the failure.
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
    if (this.#options.isPaused()) {
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

/** Returns true if messages can be sent after `event`. */
function isReady(event: SocketEvent): boolean {
  return reduce(initialState, event).word === 'connected';
}
