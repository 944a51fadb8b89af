import type { QueryStatus } from '#shared/contract/models.ts';
import type { Filter } from '#shared/filter/ast.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { BlockSource } from '../../format/block-source.ts';
import type { BlockCache } from '../../format/decoded-block.ts';
import type { BlockFilter } from './block-filter.ts';
import { PlaceLists } from './place-lists.ts';

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
interface Match {
  readonly at: number;
  readonly place: number;
}

/** The maximum number of matches of a block that the search keeps; more are found again when they are shown. */
const fewMatches = 32;
const firstBlocks = 256;

/**
 * The records of a session that match, as far as they have been searched for. Keeps only the number of matches in each block,
 * so that a filter that matches ten million records costs no more than one that matches ten.
 */
export class Query {
  readonly filter: Filter;
  readonly #id: string;
  readonly #reads: QueryReads;
  /** Absent if every record matches: blocks need not be read to count its matches. */
  readonly #filter: BlockFilter | undefined;
  readonly #lists = new PlaceLists();
  /** Places of a block in which every record matches. */
  #all = noPlaces;
  /** The matches before each searched block, and one more entry for those before the next. */
  #before = new Float64Array(firstBlocks);
  /** The number of searched blocks. */
  #blocks = 0;
  /** The number of blocks to search: those that existed at the last request. */
  #goal = 0;
  /** The searched records of the next block, their matches, and the places while there are few. */
  #place = 0;
  #partial = 0;
  #few: number[] = [];

  /** `filter` may be left out if `definition` matches every record. */
  constructor(id: string, definition: Filter, reads: QueryReads, filter?: BlockFilter) {
    this.#id = id;
    this.filter = definition;
    this.#reads = reads;
    this.#filter = filter;
  }

  get usesMarks(): boolean {
    return this.#filter?.usesMarks ?? false;
  }

  /** The number of searched blocks. Damage may have truncated the index since. */
  get blocks(): number {
    return Math.min(this.#blocks, this.#reads.index.count);
  }

  /** True while there are blocks to search. */
  get isPending(): boolean {
    return this.#blocks < Math.min(this.#goal, this.#reads.index.count);
  }

  /** The number of matches in completely searched blocks. */
  get matched(): number {
    return this.before(this.blocks);
  }

  /** The progress; only whole blocks can be shown. */
  get progress(): QueryProgress {
    const { index } = this.#reads;
    const scanned = this.blocks < index.count ? (index.firsts[this.blocks] as number) : index.total;
    return { query: this.#id, matched: this.matched, scanned, total: index.total };
  }

  /** Extends the search to all present blocks; if every record matches, there is nothing to search. */
  ask(): void {
    this.#goal = this.#reads.index.count;
    if (this.#filter === undefined) while (this.isPending) this.#push(this.#recordsIn(this.#blocks));
  }

  /** Stops the search. */
  rest(): void {
    this.#goal = this.#blocks;
  }

  /** Drops the matches and their memory: the next request searches from the start. */
  reset(): void {
    this.#goBackTo(0);
    this.#goal = 0;
    this.#before = new Float64Array(firstBlocks);
  }

  /** Handles changes in what was searched already: marks, descriptions of sockets, a damaged end. */
  refresh(changedMarks: readonly number[]): void {
    const { index } = this.#reads;
    if (this.#blocks > index.count) this.#goBackTo(index.count);
    const stale = this.#filter?.staleFrom() ?? Number.POSITIVE_INFINITY;
    if (stale < index.total) this.#goBackTo(Math.min(this.#blocks, index.find(stale)));
    if (!this.usesMarks) return;
    const touched = new Set(changedMarks.filter((seq) => seq < index.total).map((seq) => index.find(seq)));
    for (const at of touched) this.#recount(at);
  }

  /** Searches until the time `until` (of `performance.now()`), at least one step. Throws what reading throws. */
  extend(until: number): void {
    while (this.isPending) {
      this.#step();
      if (performance.now() >= until) return;
    }
  }

  /** Returns the matches of the searched block `at`, as places in it; none if it is damaged. */
  places(at: number): Uint32Array {
    const count = this.countOf(at);
    if (count === 0) return noPlaces;
    if (this.#filter === undefined) {
      if (this.#all.length < count) this.#all = new Uint32Array(count).map((_, place) => place);
      return this.#all.subarray(0, count);
    }
    const known = this.#lists.get(at);
    if (known) return known;
    const block = this.#reads.cache.get(at);
    const places = block ? this.#filter.places(block) : noPlaces;
    this.#lists.set(at, places);
    return places;
  }

  /** Returns the number of matches in the searched block `at`. */
  countOf(at: number): number {
    return (this.#before[at + 1] as number) - (this.#before[at] as number);
  }

  /** Returns the number of matches before the searched block `at`. */
  before(at: number): number {
    return this.#before[at] as number;
  }

  /** Returns the matches from number `first`, as far as the search has come. */
  *matchesFrom(first: number): Generator<Match> {
    if (first >= this.matched) return;
    let at = this.blockOf(first);
    let skip = first - this.before(at);
    for (; at < this.blocks; at += 1) {
      const places = this.places(at);
      for (; skip < places.length; skip += 1) yield { at, place: places[skip] as number };
      skip = 0;
    }
  }

  /** Returns the block of match number `match`, which was found: the last one with at most `match` matches before it. */
  blockOf(match: number): number {
    let low = 0;
    let high = this.blocks - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.before(middle) <= match) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #step(): void {
    const at = this.#blocks;
    // A damaged block has truncated the index, and nothing is pending any more.
    const block = this.#reads.source.load(at);
    const filter = this.#filter;
    if (block === undefined || filter === undefined) return;
    const from = this.#place;
    const to = Math.min(block.count, from + filter.stride);
    const room = fewMatches - this.#partial;
    const { count, places } = filter.match(block, from, to, room);
    this.#partial += count;
    if (places) this.#few.push(...places);
    this.#place = to;
    if (to < block.count) return;
    if (this.#partial > 0 && this.#partial === this.#few.length) this.#lists.set(at, Uint32Array.from(this.#few));
    this.#push(this.#partial);
  }

  /** Returns the number of records in block `at`. */
  #recordsIn(at: number): number {
    const { firsts, count, total } = this.#reads.index;
    return (at + 1 < count ? (firsts[at + 1] as number) : total) - (firsts[at] as number);
  }

  #push(count: number): void {
    const next = this.#blocks + 1;
    if (next === this.#before.length) {
      const larger = new Float64Array(next * 2);
      larger.set(this.#before);
      this.#before = larger;
    }
    this.#before[next] = (this.#before[this.#blocks] as number) + count;
    this.#blocks = next;
    this.#startBlock();
  }

  #startBlock(): void {
    this.#place = 0;
    this.#partial = 0;
    this.#few = [];
  }

  #goBackTo(blocks: number): void {
    this.#blocks = blocks;
    this.#lists.dropFrom(blocks);
    this.#startBlock();
  }

  #recount(at: number): void {
    if (at === this.#blocks) this.#startBlock();
    if (at >= this.#blocks || this.#filter === undefined) return;
    const block = this.#reads.cache.get(at);
    if (block === undefined) return;
    this.#lists.drop(at);
    const change = this.#filter.match(block, 0, block.count, 0).count - this.countOf(at);
    if (change === 0) return;
    for (let later = at + 1; later <= this.#blocks; later += 1) {
      this.#before[later] = (this.#before[later] as number) + change;
    }
  }
}

const noPlaces = new Uint32Array(0);
