import type { Filter } from '#shared/filter/ast.ts';
import { BlockFilter } from './block-filter.ts';
import type { FilterContext } from './filter-context.ts';
import { PlaceLists } from './place-lists.ts';
import type { Match, Query, QueryProgress, QueryReads } from './query.ts';

/** The most matches of a block that are kept from the search itself; more are found again when they are shown. */
const fewMatches = 32;
/** Blocks for which there is space at first. */
const firstBlocks = 256;

/**
 * How far the search of one filter has come. Of what it found only the number in each block is kept, so that a filter
 * that matches ten million records costs no more than one that matches ten.
 */
export class FilterState implements Query {
  readonly filter: Filter;
  readonly #id: string;
  readonly #reads: QueryReads;
  readonly #filter: BlockFilter;
  readonly #lists = new PlaceLists();
  /** Matches before each block taken; one more entry for those before the next. */
  #before = new Float64Array(firstBlocks);
  /** Blocks taken. */
  #blocks = 0;
  /** Blocks to take: those that were there when the filter was last asked for. */
  #goal = 0;
  /** Records of the block after those that are taken, what matched among them, and the places while they are few. */
  #place = 0;
  #partial = 0;
  #few: number[] = [];

  constructor(id: string, filter: Filter, context: FilterContext, reads: QueryReads) {
    this.#id = id;
    this.filter = filter;
    this.#reads = reads;
    this.#filter = new BlockFilter(filter, context);
  }

  get usesMarks(): boolean {
    return this.#filter.usesMarks;
  }

  get blocks(): number {
    return this.#blocks;
  }

  /** True while there are blocks to take. */
  get isPending(): boolean {
    return this.#blocks < Math.min(this.#goal, this.#reads.index.count);
  }

  /** Matches found in whole blocks. */
  get matched(): number {
    return this.before(this.#blocks);
  }

  /** How far it has come; only whole blocks can be shown. */
  get progress(): QueryProgress {
    const { index } = this.#reads;
    const scanned = this.#blocks < index.count ? (index.firsts[this.#blocks] as number) : index.total;
    return { query: this.#id, matched: this.matched, scanned, total: index.total };
  }

  /** Lets the search go on over all blocks that there are now. */
  ask(): void {
    this.#goal = this.#reads.index.count;
  }

  /** Searches no further than it has come. */
  rest(): void {
    this.#goal = this.#blocks;
  }

  /** Forgets what it found, and what that takes: it searches from the start when it is asked again. */
  reset(): void {
    this.#goBackTo(0);
    this.#goal = 0;
    this.#before = new Float64Array(firstBlocks);
  }

  /** Takes note of what changed in what was searched already: marks, what is known of sockets, a damaged end. */
  refresh(changedMarks: readonly number[]): void {
    const { index } = this.#reads;
    if (this.#blocks > index.count) this.#goBackTo(index.count);
    const stale = this.#filter.staleFrom();
    if (stale < index.total) this.#goBackTo(Math.min(this.#blocks, index.find(stale)));
    if (!this.usesMarks) return;
    const touched = new Set(changedMarks.filter((seq) => seq < index.total).map((seq) => index.find(seq)));
    for (const at of touched) this.#recount(at);
  }

  /** Searches until the time `until` (of `performance.now()`), one step at least. What reading throws comes through. */
  extend(until: number): void {
    while (this.isPending) {
      this.#step();
      if (performance.now() >= until) return;
    }
  }

  /** The matches of block `at`, which is taken, as places in it; none where it does not check (any more). */
  places(at: number): Uint32Array {
    if (this.countOf(at) === 0) return noPlaces;
    const known = this.#lists.get(at);
    if (known) return known;
    const block = this.#reads.cache.get(at);
    const places = block ? this.#filter.places(block) : noPlaces;
    this.#lists.set(at, places);
    return places;
  }

  /** Matches in block `at`, which is taken. */
  countOf(at: number): number {
    return (this.#before[at + 1] as number) - (this.#before[at] as number);
  }

  /** Matches before block `at`, which is taken. */
  before(at: number): number {
    return this.#before[at] as number;
  }

  /** The matches from number `first` on, as far as the search has come. */
  *matchesFrom(first: number): Generator<Match> {
    if (first >= this.matched) return;
    let at = this.blockOf(first);
    let skip = first - this.before(at);
    for (; at < this.#blocks; at += 1) {
      const places = this.places(at);
      for (; skip < places.length; skip += 1) yield { at, place: places[skip] as number };
      skip = 0;
    }
  }

  /** The block of match number `match`, which was found: the last one with no more than so many before it. */
  blockOf(match: number): number {
    let low = 0;
    let high = this.#blocks - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.before(middle) <= match) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #step(): void {
    const at = this.#blocks;
    // Where it does not check it has cut the index, and nothing is pending any more.
    const block = this.#reads.source.load(at);
    if (block === undefined) return;
    const from = this.#place;
    const to = Math.min(block.count, from + this.#filter.stride);
    const room = fewMatches - this.#partial;
    const { count, places } = this.#filter.match(block, from, to, room);
    this.#partial += count;
    if (places) this.#few.push(...places);
    this.#place = to;
    if (to < block.count) return;
    if (this.#partial > 0 && this.#partial === this.#few.length) this.#lists.set(at, Uint32Array.from(this.#few));
    this.#push(this.#partial);
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
    if (at >= this.#blocks) return;
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
