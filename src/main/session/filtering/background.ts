import { setImmediate } from 'node:timers/promises';
import type { Scan } from '../reading/scan.ts';
import type { Queries } from './queries.ts';
import type { QueryProgress } from './query.ts';

/** How long work goes on before other questions are answered. */
const sliceMs = 8;
const newsEveryMs = 100;

interface BackgroundEvents {
  /** How far searches have come: some ten times a second at most, and when they end. */
  queries(statuses: QueryProgress[]): void;
}

/** What the reader does between questions: the searches of queries, and then the scan of the file. */
export class Background {
  readonly #scan: Scan;
  readonly #events: BackgroundEvents;
  #running: Promise<void> | undefined;
  #scanning: Promise<void> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(scan: Scan, events: BackgroundEvents) {
    this.#scan = scan;
    this.#events = events;
  }

  /** Goes on with the searches that are asked for. A search that cannot read ends; the next question says why. */
  search(queries: Queries): void {
    if (this.#running || !queries.isPending) return;
    this.#running = this.#searching(queries)
      .catch(() => queries.rest())
      .finally(() => {
        this.#running = undefined;
        this.#tell(queries);
      });
  }

  /** Scans to the end of what is there, whenever no search is at work. Several askers share one scan. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scanRest().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #searching(queries: Queries): Promise<void> {
    while (queries.isPending) {
      queries.extend(performance.now() + sliceMs);
      if (performance.now() - this.#toldAt >= newsEveryMs) this.#tell(queries);
      await setImmediate();
    }
  }

  async #scanRest(): Promise<void> {
    while (!this.#scan.finished) {
      // What a search reads it checks too, so that the scan then has less to do.
      if (this.#running === undefined) this.#scan.run(sliceMs);
      else await this.#running;
      await setImmediate();
    }
  }

  #tell(queries: Queries): void {
    const wait = this.#toldAt + newsEveryMs - performance.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#tell(queries);
      }, wait);
      this.#timer.unref();
      return;
    }
    const news = queries.news();
    if (news.length === 0) return;
    this.#toldAt = performance.now();
    this.#events.queries(news);
  }
}
