import type { QueryStatus } from '#shared/contract/models.ts';

/** A search that has told nothing for so long is asked again: the engine may have dropped it. */
const silenceMs = 1_000;

type Status = Pick<QueryStatus, 'matched' | 'scanned' | 'total'>;

/** How far the engine has come with a filter, as far as the page was told. */
export class SearchProgress {
  /** Matches, or records where there is no filter. */
  known = 0;
  /** How many records the session had when the engine was last asked. */
  #asked = 0;
  /** Where the search has to come to until it has caught up with what was there when the filter was set. */
  #goal = 0;
  #lastNews = Number.NEGATIVE_INFINITY;

  /** A filter is new: this is its first answer, at the time `now` in milliseconds. */
  begin({ matched, total }: Status, now: number): void {
    this.known = matched;
    this.#goal = total;
    this.#asked = total;
    this.#lastNews = now;
  }

  /** What the engine tells. True where there are fewer matches than before: nothing that was fetched is sure then. */
  take({ matched }: Status, now: number): boolean {
    const isLess = matched < this.known;
    this.known = matched;
    this.#lastNews = now;
    return isLess;
  }

  /** There is a match at place `at`, whatever was told. */
  reach(at: number): void {
    this.known = Math.max(this.known, at + 1);
  }

  ask(total: number): void {
    this.#asked = Math.max(this.#asked, total);
  }

  isSearching({ scanned }: Pick<Status, 'scanned'>): boolean {
    return scanned < this.#goal;
  }

  /** The engine searches what was there when it was asked: it is to be asked again for what has come since. */
  isBehind({ scanned, total }: Pick<Status, 'scanned' | 'total'>, now: number): boolean {
    return total > this.#asked || (scanned < total && now - this.#lastNews > silenceMs);
  }
}
