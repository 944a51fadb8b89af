import type { Result } from '#shared/failure.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { noRecord } from '../file-failure.ts';
import { searchBackward, searchForward } from '../reading/payload-search.ts';
import type { Progress } from '../reading/slices.ts';
import type { FindOptions, Located, LocateOptions, SearchOptions } from '../session.ts';
import { BlockFilter } from './block-filter.ts';
import { isEmpty } from './empty-filter.ts';
import { filterOf } from './filter-scope.ts';
import type { FilterReads, FilterState } from './filter-state.ts';
import type { Filters } from './filters.ts';

/*
 * Where records and bytes are, as generators: each `yield` is a place to pause or stop.
 */

export type Locating = Generator<Progress, Result<{ found: Located | null }>>;

/** How long one step of a search takes, milliseconds. */
const stepMs = 4;

/** Where a record stands among those that match a filter: see `LocateOptions`. */
export function* locate({ filter, seq, at }: LocateOptions, filters: Filters, reads: FilterReads): Locating {
  const { index } = reads;
  const from = seq ?? (at === undefined ? 0 : firstRecordFrom(reads, at));
  if (isEmpty(filter)) {
    const last = Math.min(from, index.total - 1);
    return found(last < 0 ? null : { seq: last, index: last });
  }
  const asked = filters.ask(filter);
  if (!asked.ok) return asked;
  const state = asked.value;
  let block = from < index.total ? index.find(from) : index.count;
  for (; block < index.count; block += 1) {
    yield* taken(state, block, reads);
    if (block >= state.blocks) break;
    if (state.countOf(block) === 0) continue;
    const first = index.firsts[block] as number;
    const places = state.places(block);
    const rank = places.findIndex((place) => first + place >= from);
    if (rank >= 0) return found({ seq: first + (places[rank] as number), index: state.before(block) + rank });
  }
  yield* taken(state, index.count - 1, reads);
  return found(lastMatch(state, reads));
}

/** The next record that matches, or the one before: see `FindOptions`. */
export function* find(
  { find: text, filter, from, backward }: FindOptions,
  filters: Filters,
  reads: FilterReads,
): Locating {
  const { index, source } = reads;
  const wanted = filterOf(text);
  if (!wanted.ok) return wanted;
  const among = isEmpty(filter) ? undefined : filters.ask(filter);
  if (among?.ok === false) return among;
  const state = among?.value;
  const outer = isEmpty(filter) ? undefined : filterOf(filter);
  if (outer?.ok === false) return outer;
  // What is looked for is the rarer, most often: of conditions that cost the same the first is asked first.
  const both: Filter = outer ? { kind: 'and', parts: [wanted.value, outer.value] } : wanted.value;
  const test = new BlockFilter(both, filters.scope);
  const step = backward ? -1 : 1;
  const start = backward ? Math.min(from, index.total) - 1 : from + 1;
  if (start < 0 || start >= index.total) return found(null);
  const begin = index.find(start);
  for (let at = begin; at >= 0 && at < index.count; at += step) {
    yield backward ? { done: begin - at, total: begin + 1 } : { done: at - begin, total: index.count - begin };
    if (at >= index.count) break;
    if (state && at < state.blocks && state.countOf(at) === 0) continue;
    const block = source.load(at);
    if (block === undefined) break;
    const { first } = block;
    const places = test.places(block);
    const place = backward
      ? places.findLast((candidate) => first + candidate <= start)
      : places.find((candidate) => first + candidate >= start);
    if (place === undefined) continue;
    if (state === undefined) return found({ seq: first + place, index: first + place });
    yield* taken(state, at, reads);
    if (at >= state.blocks) break;
    return found({ seq: first + place, index: state.before(at) + state.places(at).indexOf(place) });
  }
  return found(null);
}

/** Where bytes begin in one message: see `SearchOptions`. */
export function* search(
  { seq, needle, from, backward }: SearchOptions,
  { index, cache }: FilterReads,
): Generator<Progress, Result<{ at: number | null }>> {
  const block = seq < index.total ? cache.get(index.find(seq)) : undefined;
  if (block === undefined) return { ok: false, error: noRecord(seq, index.total) };
  const place = seq - block.first;
  const length = block.lengthOf(place);
  const range = { block, place, needle };
  const at = backward
    ? yield* searchBackward({ ...range, from: 0, to: Math.min(length, from + needle.length - 1) })
    : yield* searchForward({ ...range, from, to: length });
  return { ok: true, value: { at: at ?? null } };
}

/** Searches on until `state` has taken block `at`, as far as there are blocks. */
function* taken(state: FilterState, at: number, { index }: FilterReads): Generator<Progress, void> {
  const begin = state.blocks;
  // Also where it was forgotten meanwhile.
  state.ask();
  while (state.blocks <= at && state.isPending) {
    state.extend(performance.now() + stepMs);
    yield { done: state.blocks - begin, total: Math.min(at + 1, index.count) - begin };
  }
}

function lastMatch(state: FilterState, { index }: FilterReads): Located | null {
  if (state.matched === 0) return null;
  const at = state.blockOf(state.matched - 1);
  const place = state.places(at).at(-1);
  if (place === undefined) return null;
  return { seq: (index.firsts[at] as number) + place, index: state.matched - 1 };
}

/** The first record from the time `at` on, by halving; behind the last one where there is none. */
function firstRecordFrom({ index, cache }: FilterReads, at: number): number {
  let low = 0;
  let high = index.count;
  // The first block that begins at that time or later; what is searched lies in the one before it.
  while (low < high) {
    const middle = (low + high) >>> 1;
    const begin = cache.get(middle)?.at(0);
    if (begin === undefined) return index.total;
    if (begin < at) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  const block = cache.get(low - 1);
  if (block === undefined) return index.total;
  for (let place = 0; place < block.count; place += 1) if (block.at(place) >= at) return block.first + place;
  return block.first + block.count;
}

function found(value: Located | null): Result<{ found: Located | null }> {
  return { ok: true, value: { found: value } };
}
