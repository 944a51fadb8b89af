import type { QueryStatus } from '#shared/contract/models.ts';

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

/** After this time without a report, the page asks again: the engine may have dropped the search. */
const silenceMs = 1_000;

type Status = Pick<QueryStatus, 'scanned' | 'total'>;

/** Progress of the engine's search for a filter, as reported to the page. */
export class SearchProgress {
  /** Number of records in the session at the last query. */
  #asked = 0;
  /** Number of records in the session when the filter was set: the search is complete when it has scanned them. */
  #goal = 0;
  #lastNews = Number.NEGATIVE_INFINITY;

  /** Starts with the first answer for a new filter, received at `now` (milliseconds). */
  begin({ total }: Pick<Status, 'total'>, now: number): void {
    this.#goal = total;
    this.#asked = total;
    this.#lastNews = now;
  }

  /** Notes a report of the engine, received at `now` (milliseconds). */
  heard(now: number): void {
    this.#lastNews = now;
  }

  /** Notes that the engine is asked when the session has `total` records. */
  ask(total: number): void {
    this.#asked = Math.max(this.#asked, total);
  }

  isSearching({ scanned }: Pick<Status, 'scanned'>): boolean {
    return scanned < this.#goal;
  }

  /** Returns true if the engine must be asked again: it searches only the records that existed at the last query. */
  needsRefresh({ scanned, total }: Pick<Status, 'scanned' | 'total'>, now: number): boolean {
    return total > this.#asked || (scanned < total && now - this.#lastNews > silenceMs);
  }
}
