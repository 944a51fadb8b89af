import type { QueryStatus } from '#shared/contract/models.ts';

/** After this time without a report, the page asks again: the engine may have dropped the search. */
const silenceMs = 1_000;

type Status = Pick<QueryStatus, 'matched' | 'scanned' | 'total'>;

/** Progress of the engine's search for a filter, as reported to the page. */
export class SearchProgress {
  /** Number of known matches; without a filter, of records. */
  known = 0;
  /** Number of records in the session at the last query. */
  #asked = 0;
  /** Number of records in the session when the filter was set: the search is complete when it has scanned them. */
  #goal = 0;
  #lastNews = Number.NEGATIVE_INFINITY;

  /** Starts with the first answer for a new filter, received at `now` (milliseconds). */
  begin({ matched, total }: Status, now: number): void {
    this.known = matched;
    this.#goal = total;
    this.#asked = total;
    this.#lastNews = now;
  }

  /** Applies a report of the engine. Returns true if there are fewer matches than before: fetched rows are then invalid. */
  update({ matched }: Status, now: number): boolean {
    const isLess = matched < this.known;
    this.known = matched;
    this.#lastNews = now;
    return isLess;
  }

  /** Notes that a match exists at index `at`, even if the engine has not reported it yet. */
  include(at: number): void {
    this.known = Math.max(this.known, at + 1);
  }

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
