import type { SocketEvent } from '#shared/socket/event.ts';
import type { Observer } from './printing-log.ts';

export interface ReplyWaitOptions {
  /** Done after this many messages. */
  readonly expect?: number | undefined;
  /** Done when this long passed without a message. */
  readonly waitMs: number;
  /** True while nothing can come because our own output is not read. */
  readonly held: () => boolean;
}

/**
 * Waits for replies: until the peer has closed, `expect` messages have come, or `waitMs` passed without one. Messages
 * count from the start, the wait begins with `begin`.
 */
export class ReplyWait implements Observer {
  readonly done: Promise<void>;
  /** Messages that came until the wait was over. */
  count = 0;
  /** How the connection failed, where it did before the wait was over. */
  failed: Extract<SocketEvent, { kind: 'failed' }> | undefined;
  /** The wait was over because the peer ended its side. */
  peerEnded = false;
  readonly #options: ReplyWaitOptions;
  #resolve: () => void = () => {};
  #over = false;
  #open = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReplyWaitOptions) {
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get enough(): boolean {
    return this.#options.expect === undefined || this.count >= this.#options.expect;
  }

  begin(): void {
    if (this.#over) return;
    if (this.#options.expect !== undefined && this.enough) this.end();
    else this.#timer = setTimeout(() => this.#waited(), this.#options.waitMs);
  }

  received(_socket: number, count: number): void {
    if (this.#over) return;
    this.count += count;
    this.#timer?.refresh();
    if (this.#timer && this.#options.expect !== undefined && this.enough) this.end();
  }

  event(_socket: number, event: SocketEvent): void {
    if (this.#over) return;
    if (event.kind === 'opened') this.#open = true;
    if (event.kind === 'failed' && this.#open) this.failed = event;
    if (event.kind === 'ended') this.peerEnded = true;
    if (event.kind === 'ended' || event.kind === 'closed') this.end();
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#resolve();
  }

  #waited(): void {
    if (this.#options.held()) this.#timer?.refresh();
    else this.end();
  }
}
