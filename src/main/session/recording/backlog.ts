/** What was handed over and is not written yet: how much, and whether it is too much. */
export class Backlog {
  readonly #max: number;
  readonly #awaited: (is: boolean) => void;
  readonly #listeners = new Set<() => void>();
  #waiting = 0;
  #congested = false;

  /** `awaited` is told when more than `max` bytes wait (true), and when no longer so. */
  constructor(max: number, awaited: (is: boolean) => void) {
    this.#max = max;
    this.#awaited = awaited;
  }

  /** Bytes. */
  get waiting(): number {
    return this.#waiting;
  }

  /** True from when more than the cap waits until less than half of it does. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Calls `listener` each time `congested` turns false; gives the function that stops that. */
  onDrain(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(bytes: number): void {
    this.#waiting += bytes;
  }

  /** `bytes` less wait. */
  take(bytes: number): void {
    this.#waiting -= bytes;
    if (this.#waiting < this.#max / 2) this.drain();
  }

  /** Looks whether too much waits: after all that belongs together was added. */
  look(): void {
    if (this.#waiting <= this.#max || this.#congested) return;
    this.#congested = true;
    this.#awaited(true);
  }

  /** Ends the congestion, if there is one. */
  drain(): void {
    if (!this.#congested) return;
    this.#congested = false;
    this.#awaited(false);
    for (const listener of [...this.#listeners]) listener();
  }
}
