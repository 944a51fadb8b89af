import type { Result } from '#shared/failure.ts';
import { type FilterContext, GrowingContext } from './filter-context.ts';
import { Query, type QueryProgress, type QueryReads } from './query.ts';

/** The number of searches whose matches are kept; the least recently used one drops them first. */
const maxSearches = 16;

/** The queries of a session, and the search of each. */
export class Queries {
  readonly reads: QueryReads;
  /** What filters need to know of the session. */
  readonly context: FilterContext;
  readonly #every: Query;
  readonly #queries = new Map<string, Query>();
  /** The searches with matches, the most recently used last. */
  readonly #searches = new Set<Query>();
  /** The searches that have progressed since `news` was last called. */
  readonly #atWork = new Set<Query>();

  constructor(reads: QueryReads) {
    this.reads = reads;
    this.context = new GrowingContext(reads.index);
    this.#every = new Query('', { kind: 'all' }, reads);
  }

  /** True while there is something to search. */
  get isPending(): boolean {
    return this.#pending() !== undefined;
  }

  add(id: string, query: Query): void {
    this.#queries.set(id, query);
  }

  has(id: string): boolean {
    return this.#queries.has(id);
  }

  /**
   * Returns the query `id`, or the one of every record, and extends its search to the present blocks. Fails with
   * `not-found`.
   */
  get(id: string | undefined): Result<Query> {
    const query = id === undefined ? this.#every : this.#queries.get(id);
    if (query === undefined) return { ok: false, error: noQuery() };
    // A search that was dropped has no matches that could be wrong, but its knowledge of sockets may be outdated.
    if (!this.#searches.delete(query)) query.refresh([]);
    this.#searches.add(query);
    for (const oldest of this.#searches) {
      if (this.#searches.size <= maxSearches) break;
      this.#drop(oldest);
    }
    query.ask();
    return { ok: true, value: query };
  }

  end(id: string): void {
    const query = this.#queries.get(id);
    this.#queries.delete(id);
    if (query === undefined) return;
    query.rest();
    this.#searches.delete(query);
    this.#atWork.delete(query);
  }

  /** Stops all searches until they are requested again. */
  rest(): void {
    for (const search of this.#searches) search.rest();
  }

  /** Must be called when the session has grown: new marks and socket descriptions may change earlier matches. */
  refresh(): void {
    const changed = this.context.marks.refresh();
    for (const search of this.#searches) search.refresh(changed);
  }

  /** Searches until the time `until` (of `performance.now()`), the most recently used query first. */
  extend(until: number): void {
    const search = this.#pending();
    if (search === undefined) return;
    this.#atWork.add(search);
    search.extend(until);
  }

  /** Returns the progress of the searches that have run since the last call. */
  news(): QueryProgress[] {
    const news = [...this.#atWork].map(({ progress }) => progress);
    this.#atWork.clear();
    return news;
  }

  #drop(search: Query): void {
    search.reset();
    this.#searches.delete(search);
    this.#atWork.delete(search);
  }

  #pending(): Query | undefined {
    let last: Query | undefined;
    for (const search of this.#searches) if (search.isPending) last = search;
    return last;
  }
}

function noQuery() {
  const hint = 'Apply the filter again.';
  return { code: 'not-found', message: 'The query has ended', system: 'it was ended or never created', hint } as const;
}
