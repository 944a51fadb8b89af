import type { QueryStatus } from '#shared/contract/models.ts';
import type { Filter } from '#shared/filter/ast.ts';
import type { BlockCache } from '../reading/block-cache.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import type { BlockSource } from '../reading/block-source.ts';

/** What a query asks for. */
export interface QueryDefinition {
  /** The filter's text; the empty one matches every record. */
  readonly filter: string;
  /** Only records of the endpoint with this id; of all, where it is left out. */
  readonly endpoint?: string | undefined;
}

/** How questions refer to a query. */
export interface QueryHandle {
  readonly id: string;
  /** Bookmarks or notes decide what matches. */
  readonly usesMarks: boolean;
}

export type QueryProgress = Omit<QueryStatus, 'session'>;

/** What a search reads through, and what shows its rows. */
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

/** The records of a session that match, as far as they have been searched for. Blocks that have been searched are taken. */
export interface Query {
  readonly filter: Filter;
  readonly usesMarks: boolean;
  /** Blocks taken. */
  readonly blocks: number;
  /** True while there are blocks to take. */
  readonly isPending: boolean;
  /** Matches in the blocks taken. */
  readonly matched: number;
  readonly progress: QueryProgress;

  /** Lets the search go on over all blocks that there are now. */
  ask(): void;
  /** Searches until the time `until` (of `performance.now()`), one step at least. What reading throws comes through. */
  extend(until: number): void;

  /** The matches of block `at`, which is taken, as places in it. */
  places(at: number): Uint32Array;
  /** Matches in block `at`, which is taken. */
  countOf(at: number): number;
  /** Matches before block `at`, which is taken. */
  before(at: number): number;
  /** The block of match number `match`, which was found. */
  blockOf(match: number): number;
  /** The matches from number `first` on, as far as the search has come. */
  matchesFrom(first: number): Iterable<Match>;
}
