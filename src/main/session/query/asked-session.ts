import { setImmediate } from 'node:timers/promises';
import type { Result } from '#shared/failure.ts';
import type { Scan } from '../format/block-source.ts';
import { cancelled } from '../format/failures.ts';
import { inSlices, type Progress, type ReaderJob } from '../threads.ts';
import { Queries } from './filter/queries.ts';
import type { Query, QueryDefinition, QueryProgress } from './filter/query.ts';
import type { Reader } from './reader.ts';

/** A session file that answers questions: its reader, its queries, and the work between questions. */
export class AskedSession {
  readonly reader: Reader;
  readonly queries: Queries;
  readonly background: Background;
  /** The queries by handle; each is parsed when first used. */
  readonly #definitions: Map<string, QueryDefinition>;

  constructor(
    reader: Reader,
    definitions: ReadonlyMap<string, QueryDefinition>,
    report: (statuses: QueryProgress[]) => void,
  ) {
    this.reader = reader;
    this.queries = new Queries(reader.queryReads);
    this.background = new Background(reader.scan, { queries: report });
    this.#definitions = new Map(definitions);
  }

  /** Reads what is new in the session, up to byte `upTo` of the file. */
  grow(upTo: number): void {
    this.reader.index.walk(upTo);
    this.queries.refresh();
  }

  /** Creates the query `id`. Fails with `bad-input` for an invalid filter. */
  async define(id: string, definition: QueryDefinition): Promise<Result<Query>> {
    // The filter language is loaded with the first query, so that a session opens sooner.
    const { makeQuery } = await import('./filter/filter-text.ts');
    const made = makeQuery(id, definition, this.queries);
    if (made.ok) this.#definitions.set(id, definition);
    return made;
  }

  /** Returns the query `id`, or the one of every record, and extends its search. Fails with `not-found`. */
  async query(id: string | undefined): Promise<Result<Query>> {
    const definition = id === undefined || this.queries.has(id) ? undefined : this.#definitions.get(id);
    if (id !== undefined && definition !== undefined) await this.define(id, definition);
    return this.queries.get(id);
  }

  /** Stops the search of the query `id` and removes it. */
  end(id: string): void {
    this.#definitions.delete(id);
    this.queries.end(id);
  }
}

/** How long work runs before other questions are answered. */
const sliceMs = 8;
const newsEveryMs = 100;

interface BackgroundEvents {
  /** The progress of searches: at most about ten times a second, and when they end. */
  queries(statuses: QueryProgress[]): void;
}

/** The work of the reader between questions: the searches of queries, then the scan of the file. */
class Background {
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

/**
 * Answers one kind of question in the reader thread, after the session's present content was walked. Throws what `node:fs`
 * throws.
 */
export type Question<Input, Output> = (
  input: Input,
  session: AskedSession,
  job: ReaderJob,
) => Result<Output> | Promise<Result<Output>>;

/** Runs `work` between other questions, to its end or until it is cancelled; `what` names it in the failure. */
export async function sliced<T>(
  what: string,
  work: Generator<Progress, Result<T>>,
  job: ReaderJob,
): Promise<Result<T>> {
  return (await inSlices(work, job)) ?? { ok: false, error: cancelled(what) };
}
