import type { Result } from '#shared/failure.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { EveryRecord } from './every-record.ts';
import { FilterState } from './filter-state.ts';
import { filterOf } from './filter-text.ts';
import type { Queries } from './queries.ts';
import type { Query, QueryDefinition } from './query.ts';

/** Creates the query `id` in `queries`. Fails with `bad-input` for an invalid filter. */
export function makeQuery(id: string, { filter: text, endpoint }: QueryDefinition, queries: Queries): Result<Query> {
  const parsed = filterOf(text);
  if (!parsed.ok) return parsed;
  const filter = endpoint === undefined ? parsed.value : ofEndpoint(parsed.value, endpoint);
  const { context, reads } = queries;
  const query = filter.kind === 'all' ? new EveryRecord(id, reads.index) : new FilterState(id, filter, context, reads);
  queries.add(id, query);
  return { ok: true, value: query };
}

function ofEndpoint(filter: Filter, endpoint: string): Filter {
  const scope = { kind: 'string', field: 'endpoint.id', op: '==', value: endpoint } as const;
  return filter.kind === 'all' ? scope : { kind: 'and', parts: [scope, filter] };
}
