export interface Timing {
  readonly now: () => number;
  readonly later: (run: () => void, ms: number) => void;
}

export const realTiming: Timing = { now: () => performance.now(), later: (run, ms) => void setTimeout(run, ms) };

/** Minimum time between two fetches: about 30 per second, as many as a screen can show. */
const pauseMs = 33;

/** Limits the rate of fetches. */
export class Pace {
  readonly #timing: Timing;
  #last = Number.NEGATIVE_INFINITY;
  #isWaiting = false;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  begin(): void {
    this.#last = this.#timing.now();
  }

  /** Returns true if the next fetch may start now. If not, calls `run` once when it may. */
  isTime(run: () => void): boolean {
    if (this.#isWaiting) return false;
    const pause = this.#last + pauseMs - this.#timing.now();
    if (pause <= 0) return true;
    this.#isWaiting = true;
    this.#timing.later(() => {
      this.#isWaiting = false;
      run();
    }, pause);
    return false;
  }
}
