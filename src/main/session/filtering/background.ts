import { setImmediate } from 'node:timers/promises';
import type { Scan } from '../reading/scan.ts';
import type { FilterProgress } from '../session.ts';
import type { Filters } from './filters.ts';

/** How long work goes on before other questions are answered. */
const sliceMs = 8;
const newsEveryMs = 100;

export interface BackgroundEvents {
  /** How far searches have come: some ten times a second at most, and when they end. */
  filters(statuses: FilterProgress[]): void;
}

/** What the reader does between questions: the searches of filters, and then the scan of the file. */
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
  search(filters: Filters): void {
    if (this.#running || !filters.isPending) return;
    this.#running = this.#searching(filters)
      .catch(() => filters.rest())
      .finally(() => {
        this.#running = undefined;
        this.#tell(filters);
      });
  }

  /** Scans to the end of what is there, whenever no search is at work. Several askers share one scan. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scanRest().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #searching(filters: Filters): Promise<void> {
    while (filters.isPending) {
      filters.extend(performance.now() + sliceMs);
      if (performance.now() - this.#toldAt >= newsEveryMs) this.#tell(filters);
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

  #tell(filters: Filters): void {
    const wait = this.#toldAt + newsEveryMs - performance.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#tell(filters);
      }, wait);
      this.#timer.unref();
      return;
    }
    const news = filters.news();
    if (news.length === 0) return;
    this.#toldAt = performance.now();
    this.#events.filters(news);
  }
}
