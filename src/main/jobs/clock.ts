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

/** Messages are sent for this long in one turn of the event loop: the kernel may take each of them immediately. Milliseconds. */
export const sliceMs = 1;

/** Waits until the time `atMs` of `clock`, or until `stop` is aborted. A timer may be early by a part of a millisecond. */
export function waitUntil(clock: Clock, atMs: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let disarm = () => {};
    const end = () => {
      disarm();
      stop.removeEventListener('abort', end);
      resolve();
    };
    const arm = () => {
      if (stop.aborted || clock.now() >= atMs) end();
      else disarm = clock.at(atMs, arm);
    };
    stop.addEventListener('abort', end);
    arm();
  });
}
