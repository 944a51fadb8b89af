import type { Filter } from '#shared/filter/ast.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { Match, Query, QueryProgress } from './query.ts';

/** The query that matches every record: the index already has its matches, so it does not search. */
export class EveryRecord implements Query {
  readonly filter: Filter = { kind: 'all' };
  readonly usesMarks = false;
  readonly isPending = false;
  readonly #id: string;
  readonly #index: BlockIndex;

  constructor(id: string, index: BlockIndex) {
    this.#id = id;
    this.#index = index;
  }

  get blocks(): number {
    return this.#index.count;
  }

  get matched(): number {
    return this.#index.total;
  }

  get progress(): QueryProgress {
    const { total } = this.#index;
    return { query: this.#id, matched: total, scanned: total, total };
  }

  ask(): void {
    // There is nothing to search.
  }

  extend(): void {
    // There is nothing to search.
  }

  places(at: number): Uint32Array {
    return Uint32Array.from({ length: this.countOf(at) }, (_, place) => place);
  }

  countOf(at: number): number {
    return this.before(at + 1) - this.before(at);
  }

  before(at: number): number {
    const { firsts, count, total } = this.#index;
    return at < count ? (firsts[at] as number) : total;
  }

  blockOf(match: number): number {
    return this.#index.find(match);
  }

  *matchesFrom(first: number): Generator<Match> {
    if (first >= this.matched) return;
    let at = this.blockOf(first);
    let place = first - this.before(at);
    for (; at < this.blocks; at += 1) {
      for (; place < this.countOf(at); place += 1) yield { at, place };
      place = 0;
    }
  }
}
