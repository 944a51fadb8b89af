/** The largest lag that is ignored: the system's clock is adjusted in small steps all the time. */
const maxLagMs = 1_000;

let origin = performance.timeOrigin;

/**
 * Returns the time in milliseconds since the Unix epoch, with a fraction; never runs backwards while the process lives.
 * Follows the system's clock where that jumps ahead: the monotonic clock does not advance while a computer sleeps.
 */
export function now(): number {
  return epochTime(performance.now());
}

/** Returns the time `since` of `performance.now()`, which must be the current one, as `now` does. */
export function epochTime(since: number): number {
  const at = origin + since;
  const lag = Date.now() - at;
  if (lag < maxLagMs) return at;
  origin += lag;
  return at + lag;
}

/** The longest delay of a timer of Node, in milliseconds: a longer one would fire immediately. */
const maxTimerMs = 2 ** 31 - 1;

/** Timers by name; a timer with the time for which it was armed before is restarted, not created again. */
export class Timers<Name extends string> {
  readonly #fired: (name: Name) => void;
  readonly #background: readonly Name[];
  readonly #armed = new Map<Name, { readonly ms: number; readonly timeout: NodeJS.Timeout }>();

  /** `background`: the timers that do not keep the process alive. */
  constructor(fired: (name: Name) => void, background: readonly Name[]) {
    this.#fired = fired;
    this.#background = background;
  }

  /** Starts a timer, or restarts it. One of more than 2^31 - 1 ms fires after that time. */
  arm(name: Name, ms: number): void {
    const armed = this.#armed.get(name);
    if (armed?.ms === ms) {
      armed.timeout.refresh();
      return;
    }
    clearTimeout(armed?.timeout);
    const timeout = setTimeout(() => this.#fired(name), Math.min(ms, maxTimerMs));
    if (this.#background.includes(name)) timeout.unref();
    this.#armed.set(name, { ms, timeout });
  }

  disarm(name: Name): void {
    clearTimeout(this.#armed.get(name)?.timeout);
    this.#armed.delete(name);
  }

  /** Disarms all timers. */
  stop(): void {
    for (const { timeout } of this.#armed.values()) clearTimeout(timeout);
    this.#armed.clear();
  }
}
