/** The minimum time between calls of the listeners: 30 times a second is enough for the page. */
const everyMs = 33;

/** Notifies listeners of changes: immediately after a pause, and once for several changes in quick succession. */
export class Changes {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something has changed, or will change in `delayMs`. */
  changed(delayMs = 0): void {
    if (this.#closed) return;
    const now = performance.now();
    const dueAt = Math.max(now + delayMs, this.#lastAt + everyMs);
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#notify(), dueAt - now);
    this.#timer.unref();
  }

  /** Notifies listeners of a pending change, if any, and then stops. */
  close(): void {
    const isPending = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#closed = true;
    if (isPending) this.#notify();
  }

  #notify(): void {
    this.#timer = undefined;
    this.#lastAt = performance.now();
    for (const listener of [...this.#listeners]) listener();
  }
}
