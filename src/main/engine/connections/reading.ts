import type { Lifecycle } from './lifecycle.ts';

/** A pause shorter than this is ordinary flow control; a longer one is recorded. A person's is recorded at once. */
const longPauseMs = 1_000;

/** Why a connection does not read: the log or the peer is behind, or a person has stopped it. */
type PauseReason = 'log' | 'peer' | 'user';

interface ReadingOptions {
  readonly lifecycle: Lifecycle;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Bytes that wait for the peer to take them. */
  readonly queued: () => number;
}

/** Reads or does not: pauses of several reasons at once, each of them recorded where it lasts. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #reasons = new Set<PauseReason>();
  #longPause: NodeJS.Timeout | undefined;
  #recorded = false;
  /** The connection is being closed: only the log still makes it wait. */
  #closing = false;
  #over = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** A person has stopped it. */
  get stopped(): boolean {
    return this.#reasons.has('user');
  }

  get paused(): boolean {
    return this.#reasons.size > 0;
  }

  pause(reason: PauseReason): void {
    if (this.#over || this.#reasons.has(reason) || (this.#closing && reason !== 'log')) return;
    const first = this.#reasons.size === 0;
    this.#reasons.add(reason);
    if (first) this.#options.pause();
    if (reason === 'user') this.#tell(reason);
    else this.#longPause ??= setTimeout(() => this.#record(reason), longPauseMs);
  }

  resume(reason: PauseReason): void {
    if (!this.#reasons.delete(reason) || this.#reasons.size > 0) return;
    this.#endPause();
    this.#options.resume();
  }

  /** Reads to the end, whatever was in the way: the connection is being closed. */
  finish(): void {
    this.#closing = true;
    this.resume('user');
    this.resume('peer');
  }

  /** The connection is closed: nothing is paused any more. */
  end(): void {
    this.#over = true;
    this.#reasons.clear();
    this.#endPause();
  }

  #record(reason: PauseReason): void {
    if (!this.#recorded) this.#tell(reason);
  }

  #tell(reason: PauseReason): void {
    this.#recorded = true;
    this.#options.lifecycle.emit({ kind: 'paused', reason: this.#words(reason) });
  }

  #words(reason: PauseReason): string {
    if (reason === 'user') return 'you stopped it';
    if (reason === 'log') return 'the session log catches up';
    return `the peer does not take what was sent (${this.#options.queued()} bytes)`;
  }

  #endPause(): void {
    clearTimeout(this.#longPause);
    this.#longPause = undefined;
    if (this.#recorded) this.#options.lifecycle.emit({ kind: 'resumed' });
    this.#recorded = false;
  }
}
