import type { Limits } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** What ran out: nothing came at all, or nothing moved for a while. */
export type Idleness = 'first-byte' | 'idle';

interface IdleOptions {
  /** How long a connection may be silent from its start; 0 for ever. Milliseconds, as is the next. */
  readonly firstByteMs: number;
  /** How long it may be without traffic in either direction; 0 for ever. */
  readonly idleMs: number;
  readonly expired: (why: Idleness) => void;
}

/** What is recorded where a connection is closed as it was silent for too long. */
export function silentEvent(why: Idleness, { firstByteMs, idleMs }: Limits): SocketEvent {
  const [limit, text] =
    why === 'idle'
      ? ['idleMs', `nothing was sent or received for ${idleMs} ms (idleMs): the connection is closed`]
      : ['firstByteMs', `nothing came in the first ${firstByteMs} ms (firstByteMs): the connection is closed`];
  return { kind: 'limited', limit, text };
}

/** The watch of a connection whose silence has a limit; `undefined` where it has none, so that it costs nothing. */
export function watchIdleness(options: IdleOptions): IdleWatch | undefined {
  return options.firstByteMs > 0 || options.idleMs > 0 ? new IdleWatch(options) : undefined;
}

/** Watches over a connection's silence: one timer, which nothing on the way of a message touches. */
export class IdleWatch {
  readonly #options: IdleOptions;
  readonly #startedAt = performance.now();
  #movedAt = this.#startedAt;
  #heard = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IdleOptions) {
    this.#options = options;
    this.#arm();
  }

  received(): void {
    this.#heard = true;
    this.#movedAt = performance.now();
  }

  sent(): void {
    this.#movedAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const left = this.#left();
    if (left === undefined) return;
    this.#timer = setTimeout(() => this.#look(), Math.max(1, left.ms));
  }

  /** What runs out next, and in how long. */
  #left(): { readonly why: Idleness; readonly ms: number } | undefined {
    const now = performance.now();
    const { firstByteMs, idleMs } = this.#options;
    const first = firstByteMs > 0 && !this.#heard ? this.#startedAt + firstByteMs - now : Number.POSITIVE_INFINITY;
    const idle = idleMs > 0 ? this.#movedAt + idleMs - now : Number.POSITIVE_INFINITY;
    if (first === Number.POSITIVE_INFINITY && idle === Number.POSITIVE_INFINITY) return undefined;
    return first <= idle ? { why: 'first-byte', ms: first } : { why: 'idle', ms: idle };
  }

  #look(): void {
    const left = this.#left();
    if (left && left.ms <= 0) this.#options.expired(left.why);
    else this.#arm();
  }
}
