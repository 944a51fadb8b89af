import type { Scope } from '#shared/contract/models.ts';
import type { Result } from '#shared/failure.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import { kindCodes } from '#shared/record/record.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { BlockFilter } from './block-filter.ts';
import { contextOf } from './filter-context.ts';
import type { Queries } from './queries.ts';
import { Query, type QueryDefinition } from './query.ts';

/** Parses `text` as a filter. Fails with `bad-input`: what is wrong, where, and what to write. */
export function filterOf(text: string): Result<Filter> {
  const parsed = parseFilter(text);
  if (parsed.ok) return { ok: true, value: parsed.filter };
  const { from, message, hint } = parsed.problem;
  const system = `at character ${from + 1}: ${message}`;
  return { ok: false, error: { code: 'bad-input', message: 'Invalid filter', system, hint } };
}

/** Creates the query `id` in `queries`. Fails with `bad-input` for an invalid filter. */
export function makeQuery(id: string, { filter: text, endpoint }: QueryDefinition, queries: Queries): Result<Query> {
  const parsed = filterOf(text);
  if (!parsed.ok) return parsed;
  const filter = endpoint === undefined ? parsed.value : ofEndpoint(parsed.value, endpoint);
  const { context, reads } = queries;
  const test = filter.kind === 'all' ? undefined : new BlockFilter(filter, context);
  const query = new Query(id, filter, reads, test);
  queries.add(id, query);
  return { ok: true, value: query };
}

function ofEndpoint(filter: Filter, endpoint: string): Filter {
  const scope = { kind: 'string', field: 'endpoint.id', op: '==', value: endpoint } as const;
  return { kind: 'and', parts: [scope, filter] };
}

/** A selection of a session's records. */
export interface Selection {
  /** True if every record is selected. */
  readonly all: boolean;
  /** Returns the selected records of `block`; `undefined` for all. */
  of(block: DecodedBlock): Uint32Array | undefined;
}

/**
 * Returns what `scope` selects in the session of `index`, with its present sockets and marks. Fails with `bad-input` for an
 * invalid filter.
 */
export function selectionOf(index: BlockIndex, scope: Scope): Result<Selection> {
  const { sockets, direction, filter: text } = scope;
  const filter: Result<Filter> = text === undefined ? { ok: true, value: { kind: 'all' } } : filterOf(text);
  if (!filter.ok) return filter;
  const isFiltered = filter.value.kind !== 'all';
  if (sockets === undefined && direction === undefined && !isFiltered) {
    return { ok: true, value: { all: true, of: () => undefined } };
  }
  const blockFilter = isFiltered ? new BlockFilter(filter.value, contextOf(index)) : undefined;
  const wanted = sockets && new Set(sockets);
  const code = direction && kindCodes[direction];
  const of = (block: DecodedBlock): Uint32Array => {
    const candidates = blockFilter?.places(block);
    if (candidates && wanted === undefined && code === undefined) return candidates;
    const { columns } = block;
    const records = candidates ?? new Uint32Array(block.count);
    const tried = candidates?.length ?? block.count;
    let chosen = 0;
    for (let index = 0; index < tried; index += 1) {
      const at = candidates ? (candidates[index] as number) : index;
      if (wanted && !wanted.has(columns.sockets[at] as number)) continue;
      if (code !== undefined && columns.kinds[at] !== code) continue;
      records[chosen] = at;
      chosen += 1;
    }
    return records.subarray(0, chosen);
  };
  return { ok: true, value: { all: false, of } };
}
