/** The bytes that were handed over and are not written yet, and whether they exceed the cap. */
export class Backlog {
  readonly #max: number;
  readonly #awaited: (is: boolean) => void;
  readonly #listeners = new Set<() => void>();
  #waiting = 0;
  #congested = false;

  /** Calls `awaited` with true when more than `max` bytes wait, and with false when the congestion ends. */
  constructor(max: number, awaited: (is: boolean) => void) {
    this.#max = max;
    this.#awaited = awaited;
  }

  /** Bytes. */
  get waiting(): number {
    return this.#waiting;
  }

  /** True from the moment when more than the cap waits until less than half of it does. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Calls `listener` each time `congested` becomes false; returns a function that ends that. */
  onDrain(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(bytes: number): void {
    this.#waiting += bytes;
  }

  /** Counts `bytes` as written. */
  take(bytes: number): void {
    this.#waiting -= bytes;
    if (this.#waiting < this.#max / 2) this.drain();
  }

  /** Begins the congestion if more than the cap waits; called after everything that belongs together was added. */
  look(): void {
    if (this.#waiting <= this.#max || this.#congested) return;
    this.#congested = true;
    this.#awaited(true);
  }

  /** Ends the congestion, if any. */
  drain(): void {
    if (!this.#congested) return;
    this.#congested = false;
    this.#awaited(false);
    for (const listener of [...this.#listeners]) listener();
  }
}
