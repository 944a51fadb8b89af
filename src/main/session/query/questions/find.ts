import type { PageQuestionInput, PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { type Question, sliced } from '../asked-session.ts';
import { BlockFilter } from '../filter/block-filter.ts';
import { filterOf } from '../filter/filter-text.ts';
import type { Queries } from '../filter/queries.ts';
import type { Query } from '../filter/query.ts';
import { found, type Locating, taken } from './matches.ts';

/** Finds the next or the previous record that matches a filter: see `findSchema`. */
export const find: Question<PageQuestionInput<'find'>, PageQuestionOutput<'find'>> = async (
  { query: id, ...wanted },
  session,
  job,
) => {
  const query = await session.query(id);
  if (!query.ok) return query;
  return sliced('Looking for a record', finding(query.value, wanted, session.queries), job);
};

/** Finds the next or the previous record that matches, among those of `query`: see `findSchema`. */
export function* finding(
  query: Query,
  { find: text, from, backward }: Pick<PageQuestionInput<'find'>, 'find' | 'from' | 'backward'>,
  { reads, context }: Queries,
): Locating {
  const { index, source } = reads;
  const wanted = filterOf(text);
  if (!wanted.ok) return wanted;
  // Of conditions with equal cost the first is tested first, and the wanted one usually matches fewer records.
  const both: Filter = { kind: 'and', parts: [wanted.value, query.filter] };
  const test = new BlockFilter(both, context);
  const step = backward ? -1 : 1;
  const start = backward ? Math.min(from, index.total) - 1 : from + 1;
  if (start < 0 || start >= index.total) return found(null);
  const begin = index.find(start);
  const total = backward ? begin + 1 : index.count - begin;
  for (let at = begin; at >= 0 && at < index.count; at += step) {
    yield { done: Math.abs(at - begin), total };
    if (at >= index.count) break;
    if (at < query.blocks && query.countOf(at) === 0) continue;
    const block = source.load(at);
    if (block === undefined) break;
    const { first } = block;
    const place = nearestPlace(test.places(block), start - first, backward);
    if (place === undefined) continue;
    yield* taken(query, at, reads);
    if (at >= query.blocks) break;
    return found({ seq: first + place, index: query.before(at) + query.places(at).indexOf(place) });
  }
  return found(null);
}

/** Returns the first of the ascending `places` from `start` in the direction of the search. */
function nearestPlace(places: Uint32Array, start: number, backward: boolean): number | undefined {
  return backward ? places.findLast((place) => place <= start) : places.find((place) => place >= start);
}
