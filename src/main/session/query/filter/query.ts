import type { QueryStatus } from '#shared/contract/models.ts';
import type { Filter } from '#shared/filter/ast.ts';
import type { BlockCache } from '../../format/block-cache.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { BlockSource } from '../../format/block-source.ts';

/** The definition of a query. */
export interface QueryDefinition {
  /** The filter's text; an empty one matches every record. */
  readonly filter: string;
  /** Only records of the endpoint with this id; all if omitted. */
  readonly endpoint?: string | undefined;
}

/** The id by which questions refer to a query. */
export interface QueryHandle {
  readonly id: string;
  /** The result depends on bookmarks or notes. */
  readonly usesMarks: boolean;
}

export type QueryProgress = Omit<QueryStatus, 'session'>;

/** What a search reads through, and what its rows need. */
export interface QueryReads {
  readonly index: BlockIndex;
  readonly source: BlockSource;
  readonly cache: BlockCache;
}

/** A match: its block and its place there. */
export interface Match {
  readonly at: number;
  readonly place: number;
}

/** The records of a session that match, as far as they have been searched for. */
export interface Query {
  readonly filter: Filter;
  readonly usesMarks: boolean;
  /** The number of searched blocks. */
  readonly blocks: number;
  /** True while there are blocks to search. */
  readonly isPending: boolean;
  /** The number of matches in the searched blocks. */
  readonly matched: number;
  readonly progress: QueryProgress;

  /** Extends the search to all present blocks. */
  ask(): void;
  /** Searches until the time `until` (of `performance.now()`), at least one step. Throws what reading throws. */
  extend(until: number): void;

  /** Returns the matches of the searched block `at`, as places in it. */
  places(at: number): Uint32Array;
  /** Returns the number of matches in the searched block `at`. */
  countOf(at: number): number;
  /** Returns the number of matches before the searched block `at`. */
  before(at: number): number;
  /** Returns the block of match number `match`, which must have been found. */
  blockOf(match: number): number;
  /** Returns the matches from number `first`, as far as the search has come. */
  matchesFrom(first: number): Iterable<Match>;
}
