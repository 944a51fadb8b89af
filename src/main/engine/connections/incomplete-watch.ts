/** A message that is incomplete for this long may wait for bytes that never come. Milliseconds. */
const overdueMs = 1_000;

/**
 * Reports a message that stays incomplete, with one timer. `look` is called once per read, not per message, so that messages
 * cost nothing.
 */
export class IncompleteWatch {
  readonly #changed: () => void;
  /** Where the message begins in what was received, and when its first byte came; `undefined` while none is being read. */
  #begun: number | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `changed`: a message has become overdue. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** True while the message that is being read has been incomplete for a second. */
  get overdue(): boolean {
    return this.#begun !== undefined && performance.now() - this.#since >= overdueMs;
  }

  /** The message that begins at byte `begun` is being read, or none is (`undefined`). */
  look(begun: number | undefined): void {
    if (begun === this.#begun) return;
    this.#begun = begun;
    if (begun === undefined) return;
    this.#since = performance.now();
    this.#timer ??= this.#arm(overdueMs);
  }

  /** Nothing more comes. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#begun = undefined;
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      if (this.#begun === undefined) return;
      // It may be a later message than the one for which it was set.
      const left = this.#since + overdueMs - performance.now();
      if (left > 0) this.#timer = this.#arm(left);
      else this.#changed();
    }, Math.ceil(ms)).unref();
  }
}
