/** A message that is incomplete for this long may wait for bytes that will not arrive. Milliseconds. */
const overdueMs = 1_000;

/**
 * Reports a message that stays incomplete, with one timer. `look` is called once per read, not per message, so that the cost
 * does not depend on the number of messages.
 */
export class IncompleteWatch {
  readonly #changed: () => void;
  /** The offset of the incomplete message in the stream, and the time at which it began; `undefined` while no message is incomplete. */
  #begun: number | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `changed` is called when a message becomes overdue. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** True where the current message has been incomplete for a second. */
  get overdue(): boolean {
    return this.#begun !== undefined && performance.now() - this.#since >= overdueMs;
  }

  /** Notes that the message which begins at byte `begun` is incomplete, or that no message is (`undefined`). */
  look(begun: number | undefined): void {
    if (begun === this.#begun) return;
    this.#begun = begun;
    if (begun === undefined) return;
    this.#since = performance.now();
    this.#timer ??= this.#arm(overdueMs);
  }

  /** Ends the watch. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#begun = undefined;
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      if (this.#begun === undefined) return;
      // The current message may be a later one than that for which the timer was set.
      const left = this.#since + overdueMs - performance.now();
      if (left > 0) this.#timer = this.#arm(left);
      else this.#changed();
    }, Math.ceil(ms)).unref();
  }
}
