import type { Result } from '#shared/failure.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { previewSources } from '../reading/preview-sources.ts';
import { rowOf } from '../reading/rows.ts';
import type { FindOptions, LocateOptions, SearchOptions, SessionWindow } from '../session.ts';
import type { FilterReads } from './filter-state.ts';
import { Filters } from './filters.ts';
import { find, type Locating, locate, search } from './locating.ts';

/** How long a new filter searches before its first answer, so that most sessions are answered for at once. */
const firstSearchMs = 40;
/** How long one searches on that is asked for again: what came meanwhile, mostly. */
const nextSearchMs = 6;

/** Answers questions with filters about one session. What `node:fs` throws comes through. */
export class Queries {
  readonly filters: Filters;
  readonly #reads: FilterReads;

  constructor(reads: FilterReads) {
    this.#reads = reads;
    this.filters = new Filters(reads);
  }

  /** Takes what is new of the session, up to byte `upTo` of the file. */
  grow(upTo: number): void {
    this.#reads.index.walk(upTo);
    this.filters.refresh();
  }

  /**
   * Rows `[first, first + count)` among those that match `filter`, as far as the search has come. It goes on while
   * `filters.isPending`. Fails as `bad-input` where `filter` is none.
   */
  window(upTo: number, first: number, count: number, filter: string): Result<SessionWindow> {
    this.grow(upTo);
    const asked = this.filters.ask(filter);
    if (!asked.ok) return asked;
    const state = asked.value;
    state.extend(performance.now() + (state.blocks === 0 ? firstSearchMs : nextSearchMs));
    const { index, cache } = this.#reads;
    const rows: Row[] = [];
    const sockets = new Map<number, SocketInfo>();
    const sources = previewSources(index, cache);
    if (count > 0) {
      for (const { at, place } of state.matchesFrom(first)) {
        const block = cache.get(at);
        if (block === undefined) break;
        const row = rowOf(block, place, sources);
        const mark = index.marks.get(row.seq);
        rows.push(mark ? { ...row, mark: { bookmarked: mark.bookmarked, note: mark.note } } : row);
        const info = index.sockets.get(row.socket);
        if (info) sockets.set(info.id, info);
        if (rows.length === count) break;
      }
    }
    const { matched, scanned, total } = state.progress;
    return { ok: true, value: { total, matched, scanned, rows, sockets: [...sockets.values()] } };
  }

  locate(options: LocateOptions & { upTo: number }): Locating {
    this.grow(options.upTo);
    return locate(options, this.filters, this.#reads);
  }

  find(options: FindOptions & { upTo: number }): Locating {
    this.grow(options.upTo);
    return find(options, this.filters, this.#reads);
  }

  search(options: SearchOptions & { upTo: number }): ReturnType<typeof search> {
    this.grow(options.upTo);
    return search(options, this.#reads);
  }
}
