import { setImmediate } from 'node:timers/promises';
import type { Scan } from '../format/scan.ts';
import type { Queries } from './filter/queries.ts';
import type { QueryProgress } from './filter/query.ts';

/** How long work runs before other questions are answered. */
const sliceMs = 8;
const newsEveryMs = 100;

interface BackgroundEvents {
  /** The progress of searches: at most about ten times a second, and when they end. */
  queries(statuses: QueryProgress[]): void;
}

/** The work of the reader between questions: the searches of queries, then the scan of the file. */
export class Background {
  readonly #scan: Scan;
  readonly #events: BackgroundEvents;
  #running: Promise<void> | undefined;
  #scanning: Promise<void> | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(scan: Scan, events: BackgroundEvents) {
    this.#scan = scan;
    this.#events = events;
  }

  /** Continues the requested searches. A search that cannot read ends; the next question returns the failure. */
  search(queries: Queries): void {
    if (this.#running || !queries.isPending) return;
    this.#running = this.#searching(queries)
      .catch(() => queries.rest())
      .finally(() => {
        this.#running = undefined;
        this.#report(queries);
      });
  }

  /** Scans to the end of the file whenever no search is running. Several callers share one scan. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scanRest().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #searching(queries: Queries): Promise<void> {
    while (queries.isPending) {
      queries.extend(performance.now() + sliceMs);
      if (performance.now() - this.#reportedAt >= newsEveryMs) this.#report(queries);
      await setImmediate();
    }
  }

  async #scanRest(): Promise<void> {
    while (!this.#scan.finished) {
      // A search also checks what it reads, so that the scan has less to do.
      if (this.#running === undefined) this.#scan.run(sliceMs);
      else await this.#running;
      await setImmediate();
    }
  }

  #report(queries: Queries): void {
    const wait = this.#reportedAt + newsEveryMs - performance.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#report(queries);
      }, wait);
      this.#timer.unref();
      return;
    }
    const news = queries.news();
    if (news.length === 0) return;
    this.#reportedAt = performance.now();
    this.#events.queries(news);
  }
}
