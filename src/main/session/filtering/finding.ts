import type { PageQuestionInput } from '#shared/contract/questions/catalogue.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { BlockFilter } from './block-filter.ts';
import { filterOf } from './filter-text.ts';
import { found, type Locating, taken } from './locating.ts';
import type { Queries } from './queries.ts';
import type { Query } from './query.ts';

/** Finds the next record that matches among those of `query`, or the one before: see `findSchema`. */
export function* find(
  query: Query,
  { find: text, from, backward }: Pick<PageQuestionInput<'find'>, 'find' | 'from' | 'backward'>,
  { reads, context }: Queries,
): Locating {
  const { index, source } = reads;
  const wanted = filterOf(text);
  if (!wanted.ok) return wanted;
  // What is looked for is the rarer, most often: of conditions that cost the same the first is asked first.
  const both: Filter =
    query.filter.kind === 'all' ? wanted.value : { kind: 'and', parts: [wanted.value, query.filter] };
  const test = new BlockFilter(both, context);
  const step = backward ? -1 : 1;
  const start = backward ? Math.min(from, index.total) - 1 : from + 1;
  if (start < 0 || start >= index.total) return found(null);
  const begin = index.find(start);
  for (let at = begin; at >= 0 && at < index.count; at += step) {
    yield backward ? { done: begin - at, total: begin + 1 } : { done: at - begin, total: index.count - begin };
    if (at >= index.count) break;
    if (at < query.blocks && query.countOf(at) === 0) continue;
    const block = source.load(at);
    if (block === undefined) break;
    const { first } = block;
    const places = test.places(block);
    const place = backward
      ? places.findLast((candidate) => first + candidate <= start)
      : places.find((candidate) => first + candidate >= start);
    if (place === undefined) continue;
    yield* taken(query, at, reads);
    if (at >= query.blocks) break;
    return found({ seq: first + place, index: query.before(at) + query.places(at).indexOf(place) });
  }
  return found(null);
}
