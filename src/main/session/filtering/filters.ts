import type { Result } from '#shared/failure.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import { MarkTable } from '../reading/mark-table.ts';
import type { FilterProgress } from '../session.ts';
import type { FilterScope } from './block-test.ts';
import { filterOf, startOf } from './filter-scope.ts';
import { type FilterReads, FilterState } from './filter-state.ts';

/** Filters whose matches are kept; the one that was not asked for longest is forgotten first. */
const maxStates = 16;

/** A session that grows: its first record may be yet to come. */
class LiveScope implements FilterScope {
  readonly index: BlockIndex;
  readonly marks: MarkTable;
  #startAt: number | undefined;

  constructor(index: BlockIndex, marks: MarkTable) {
    this.index = index;
    this.marks = marks;
  }

  get startAt(): number {
    if (this.#startAt === undefined && this.index.count > 0) this.#startAt = startOf(this.index);
    return this.#startAt ?? 0;
  }
}

/** The filters that a session was asked for, and the search of each. */
export class Filters {
  readonly #reads: FilterReads;
  readonly #marks: MarkTable;
  /** What filters need to know of the session. */
  readonly scope: FilterScope;
  /** The last asked for last. */
  readonly #states = new Map<string, FilterState>();
  /** Those that searched since `news` was last called. */
  readonly #atWork = new Set<FilterState>();

  constructor(reads: FilterReads) {
    this.#marks = new MarkTable(reads.index);
    this.#reads = reads;
    this.scope = new LiveScope(reads.index, this.#marks);
  }

  /** True while there is something to search. */
  get isPending(): boolean {
    return this.#pending() !== undefined;
  }

  /** The search of `text`, which goes on over what there is now. Fails as `bad-input` where it is no filter. */
  ask(text: string): Result<FilterState> {
    const known = this.#states.get(text);
    if (known) {
      this.#states.delete(text);
      this.#states.set(text, known);
      known.ask();
      return { ok: true, value: known };
    }
    const filter = filterOf(text);
    if (!filter.ok) return filter;
    const state = new FilterState(text, filter.value, this.scope, this.#reads);
    this.#states.set(text, state);
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= maxStates) break;
      this.forget(oldest);
    }
    state.ask();
    return { ok: true, value: state };
  }

  forget(text: string): void {
    const state = this.#states.get(text);
    if (state === undefined) return;
    state.rest();
    this.#states.delete(text);
    this.#atWork.delete(state);
  }

  /** Ends all searches until they are asked for again. */
  rest(): void {
    for (const state of this.#states.values()) state.rest();
  }

  /** To be called when the session has grown: what is new of marks and sockets may change what was found. */
  refresh(): void {
    const changed = this.#marks.refresh();
    for (const state of this.#states.values()) state.refresh(changed);
  }

  /** Searches on until the time `until` (of `performance.now()`): what was asked for last goes first. */
  extend(until: number): void {
    const state = this.#pending();
    if (state === undefined) return;
    this.#atWork.add(state);
    state.extend(until);
  }

  /** How far each search has come that was at work since this was last called. */
  news(): FilterProgress[] {
    const news = [...this.#atWork].map(({ progress }) => progress);
    this.#atWork.clear();
    return news;
  }

  #pending(): FilterState | undefined {
    let last: FilterState | undefined;
    for (const state of this.#states.values()) if (state.isPending) last = state;
    return last;
  }
}
