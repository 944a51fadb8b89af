import { setImmediate } from 'node:timers/promises';
import type { Queries } from './queries.ts';
import type { Scan } from './scan.ts';
import type { FilterProgress } from './session.ts';

/** How long work goes on before other questions are answered. */
const sliceMs = 8;
const newsEveryMs = 100;

export interface BackgroundEvents {
  /** How far searches have come: some ten times a second at most, and when they end. */
  filters(statuses: FilterProgress[]): void;
}

/** What the reader does between questions: the searches of filters, and then the scan of the file. */
export class Background {
  readonly #queries: Queries;
  readonly #scan: Scan;
  readonly #events: BackgroundEvents;
  #running: Promise<void> | undefined;
  #scanning: Promise<void> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor({ queries, scan }: { readonly queries: Queries; readonly scan: Scan }, events: BackgroundEvents) {
    this.#queries = queries;
    this.#scan = scan;
    this.#events = events;
  }

  /** Goes on with the searches that are asked for. A search that cannot read ends; the next question says why. */
  search(): void {
    if (this.#running || !this.#queries.filters.isPending) return;
    this.#running = this.#searching()
      .catch(() => this.#queries.filters.rest())
      .finally(() => {
        this.#running = undefined;
        this.#tell();
      });
  }

  /** Scans to the end of what is there, whenever no search is at work. Several askers share one scan. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scanRest().finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #searching(): Promise<void> {
    const { filters } = this.#queries;
    while (filters.isPending) {
      filters.extend(performance.now() + sliceMs);
      if (performance.now() - this.#toldAt >= newsEveryMs) this.#tell();
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

  #tell(): void {
    const wait = this.#toldAt + newsEveryMs - performance.now();
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#tell();
      }, wait);
      this.#timer.unref();
      return;
    }
    const news = this.#queries.filters.news();
    if (news.length === 0) return;
    this.#toldAt = performance.now();
    this.#events.filters(news);
  }
}
