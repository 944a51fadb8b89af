import type { Lifecycle } from './lifecycle.ts';

/** A pause shorter than this is ordinary flow control; a longer one is recorded. A pause by the user is recorded immediately. */
const longPauseMs = 1_000;

/** Why a connection does not read: the log or the peer is behind, or the user has stopped reading. */
type PauseReason = 'log' | 'peer' | 'user';

interface ReadingOptions {
  readonly lifecycle: Lifecycle;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Returns the bytes that are queued for the peer. */
  readonly queued: () => number;
}

/** Pauses and resumes reading. A pause may have several reasons at the same time; a long one is recorded. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #reasons = new Set<PauseReason>();
  #longPause: NodeJS.Timeout | undefined;
  #recorded = false;
  /** The connection is being closed: only the log may still pause it. */
  #closing = false;
  #ended = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** True where the user has stopped reading. */
  get stopped(): boolean {
    return this.#reasons.has('user');
  }

  get paused(): boolean {
    return this.#reasons.size > 0;
  }

  pause(reason: PauseReason): void {
    if (this.#ended || this.#reasons.has(reason) || (this.#closing && reason !== 'log')) return;
    const first = this.#reasons.size === 0;
    this.#reasons.add(reason);
    if (first) this.#options.pause();
    if (reason === 'user') this.#record(reason);
    else this.#longPause ??= setTimeout(() => this.#recordOnce(reason), longPauseMs);
  }

  resume(reason: PauseReason): void {
    if (!this.#reasons.delete(reason) || this.#reasons.size > 0) return;
    this.#endPause();
    this.#options.resume();
  }

  /** Reads to the end of a connection that is being closed, unless the log is behind. */
  finish(): void {
    this.#closing = true;
    this.resume('user');
    this.resume('peer');
  }

  /** Ends all pauses of a closed connection. */
  end(): void {
    this.#ended = true;
    this.#reasons.clear();
    this.#endPause();
  }

  #recordOnce(reason: PauseReason): void {
    if (!this.#recorded) this.#record(reason);
  }

  #record(reason: PauseReason): void {
    this.#recorded = true;
    this.#options.lifecycle.emit({ kind: 'paused', reason: this.#words(reason) });
  }

  #words(reason: PauseReason): string {
    if (reason === 'user') return 'stopped by the user';
    if (reason === 'log') return 'recording is slower than receiving';
    return `the peer does not receive the answers (${this.#options.queued()} bytes are queued)`;
  }

  #endPause(): void {
    clearTimeout(this.#longPause);
    this.#longPause = undefined;
    if (this.#recorded) this.#options.lifecycle.emit({ kind: 'resumed' });
    this.#recorded = false;
  }
}
