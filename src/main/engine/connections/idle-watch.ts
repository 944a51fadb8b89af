import type { Limits } from '#shared/endpoint/endpoint-config.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** The limit that was exceeded: nothing was received at all, or there was no traffic for a while. */
export type Idleness = 'first-byte' | 'idle';

interface IdleOptions {
  /** The maximum time until the first byte is received; 0: unlimited. Milliseconds. */
  readonly firstByteMs: number;
  /** The maximum time without traffic in either direction; 0: unlimited. Milliseconds. */
  readonly idleMs: number;
  readonly expired: (why: Idleness) => void;
}

/** Returns the event of a connection that is closed because it was idle for too long. */
export function silentEvent(why: Idleness, { firstByteMs, idleMs }: Limits): SocketEvent {
  const [limit, text] =
    why === 'idle'
      ? ['idleMs', `nothing was sent or received for ${idleMs} ms (idleMs): the connection is closed`]
      : ['firstByteMs', `nothing was received in the first ${firstByteMs} ms (firstByteMs): the connection is closed`];
  return { kind: 'limited', limit, text };
}

/** Returns the watch of a connection with such a limit; `undefined` where it has none. */
export function watchIdleness(options: IdleOptions): IdleWatch | undefined {
  return options.firstByteMs > 0 || options.idleMs > 0 ? new IdleWatch(options) : undefined;
}

/** Watches for idle connections with one timer, which messages do not restart. */
export class IdleWatch {
  readonly #options: IdleOptions;
  readonly #startedAt = performance.now();
  #movedAt = this.#startedAt;
  #hasReceived = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: IdleOptions) {
    this.#options = options;
    this.#arm();
  }

  received(): void {
    this.#hasReceived = true;
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
    this.#timer = setTimeout(() => this.#check(), Math.max(1, left.ms));
  }

  /** Returns the limit that expires next, and the time until then. */
  #left(): { readonly why: Idleness; readonly ms: number } | undefined {
    const now = performance.now();
    const { firstByteMs, idleMs } = this.#options;
    const first =
      firstByteMs > 0 && !this.#hasReceived ? this.#startedAt + firstByteMs - now : Number.POSITIVE_INFINITY;
    const idle = idleMs > 0 ? this.#movedAt + idleMs - now : Number.POSITIVE_INFINITY;
    if (first === Number.POSITIVE_INFINITY && idle === Number.POSITIVE_INFINITY) return undefined;
    return first <= idle ? { why: 'first-byte', ms: first } : { why: 'idle', ms: idle };
  }

  #check(): void {
    const left = this.#left();
    if (left && left.ms <= 0) this.#options.expired(left.why);
    else this.#arm();
  }
}
