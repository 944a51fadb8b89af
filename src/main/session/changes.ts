/** The most often that listeners are called: 30 times a second is what an eye and the page need. */
const everyMs = 33;

/** Listeners that are told of changes: at once after a rest, and of many changes together while there are many. */
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

  /** Something changed now, or will have in `delayMs`. */
  changed(delayMs = 0): void {
    if (this.#closed) return;
    const now = performance.now();
    const dueAt = Math.max(now + delayMs, this.#lastAt + everyMs);
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#tell(), dueAt - now);
    this.#timer.unref();
  }

  /** Tells of the change that is still untold, if any, and is silent from then on. */
  close(): void {
    const untold = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#closed = true;
    if (untold) this.#tell();
  }

  #tell(): void {
    this.#timer = undefined;
    this.#lastAt = performance.now();
    for (const listener of [...this.#listeners]) listener();
  }
}
