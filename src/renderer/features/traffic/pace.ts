export interface Timing {
  readonly now: () => number;
  readonly later: (run: () => void, ms: number) => void;
}

export const realTiming: Timing = { now: () => performance.now(), later: (run, ms) => void setTimeout(run, ms) };

/** At most about 30 fetches a second; a screen shows no more. */
const pauseMs = 33;

/** Keeps a distance between fetches. */
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

  /** True where it is time for the next fetch; otherwise `run` is called when it is, once. */
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
