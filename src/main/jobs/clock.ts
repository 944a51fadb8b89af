/** The time, and timers. Tests have another one. */
export interface Clock {
  /** Milliseconds from a fixed moment; never goes back. */
  now(): number;
  /** Calls `run` at the time `atMs` of this clock; returns the function that prevents it. */
  at(atMs: number, run: () => void): () => void;
  /** Resolves in the next turn of the event loop, after what waits for it: timers, reads, and calls. */
  nextTurn(): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  at(atMs, run) {
    const timer = setTimeout(run, Math.ceil(atMs - performance.now()));
    return () => clearTimeout(timer);
  },
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
};
