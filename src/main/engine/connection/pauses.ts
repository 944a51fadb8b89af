import type { Command } from './step.ts';

/** A pause shorter than this is ordinary flow control; a longer one is recorded. A pause by the user is recorded immediately. */
const longPauseMs = 1_000;

/** Why a connection does not read: the log or the peer is behind, or the user has stopped reading. */
type PauseReason = 'log' | 'peer' | 'user';

/** The clock of the received stream, which stops while nothing is read. */
interface StreamClock {
  stopClock(now: number): void;
  startClock(now: number): void;
}

/** The pauses of reading. A pause may have several reasons at the same time; a long one is recorded. */
export class Pauses {
  readonly #out: Command[];
  readonly #clock: StreamClock;
  readonly #reasons = new Set<PauseReason>();
  /** The driver reads; before that, a pause takes effect with `attach`. */
  #attached = false;
  /** The reason of a pause that may become a long one. */
  #long: PauseReason | undefined;
  #recorded = false;
  /** The connection is being closed: only the log may still pause it. */
  #closing = false;

  /** Appends its commands to `out`. */
  constructor(out: Command[], clock: StreamClock) {
    this.#out = out;
    this.#clock = clock;
  }

  /** True where the user has stopped reading. */
  get byUser(): boolean {
    return this.#reasons.has('user');
  }

  /** Attaches to the driver, which reads from then on unless reading is paused. */
  attach(): void {
    this.#attached = true;
    this.#out.push({ kind: 'attach' });
    if (this.#reasons.size > 0) this.#out.push({ kind: 'pause-reading' });
  }

  /** Pauses reading. `queued`: the bytes that are queued for the peer. */
  pause(reason: PauseReason, queued: number, now: number): void {
    if (this.#reasons.has(reason) || (this.#closing && reason !== 'log')) return;
    this.#reasons.add(reason);
    if (this.#reasons.size === 1) {
      this.#clock.stopClock(now);
      if (this.#attached) this.#out.push({ kind: 'pause-reading' });
    }
    if (reason === 'user') {
      this.#record(reason, queued);
    } else if (this.#long === undefined) {
      this.#long = reason;
      this.#out.push({ kind: 'arm', timer: 'long-pause', ms: longPauseMs });
    }
  }

  /** Ends one reason of a pause; reading resumes after the last one. */
  resume(reason: PauseReason, now: number): void {
    if (!this.#reasons.delete(reason)) return;
    if (this.#reasons.size > 0) {
      // A long pause is recorded with a reason that still holds.
      const [remaining] = this.#reasons;
      if (this.#long === reason) this.#long = remaining;
      return;
    }
    this.#endPause();
    this.#clock.startClock(now);
    if (this.#attached) this.#out.push({ kind: 'resume-reading' });
  }

  /** Records a pause that has become a long one. `queued`: the bytes that are queued for the peer. */
  long(queued: number): void {
    if (this.#long !== undefined && !this.#recorded) this.#record(this.#long, queued);
  }

  /** Reads to the end of a connection that is being closed, unless the log is behind. */
  finish(now: number): void {
    this.#closing = true;
    this.resume('user', now);
    this.resume('peer', now);
  }

  /** Ends all pauses of a closed connection. */
  end(): void {
    this.#reasons.clear();
    this.#endPause();
  }

  #record(reason: PauseReason, queued: number): void {
    this.#recorded = true;
    this.#out.push({ kind: 'record', event: { kind: 'paused', reason: reasonText(reason, queued) } });
  }

  #endPause(): void {
    if (this.#long !== undefined) this.#out.push({ kind: 'disarm', timer: 'long-pause' });
    this.#long = undefined;
    if (this.#recorded) this.#out.push({ kind: 'record', event: { kind: 'resumed' } });
    this.#recorded = false;
  }
}

function reasonText(reason: PauseReason, queued: number): string {
  if (reason === 'user') return 'stopped by the user';
  if (reason === 'log') return 'recording is slower than receiving';
  return `the peer does not receive the answers (${queued} bytes are queued)`;
}
