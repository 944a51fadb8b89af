import type { Scope } from '#shared/contract/models.ts';
import type { Result } from '#shared/failure.ts';
import type { Filter } from '#shared/filter/ast.ts';
import { kindCodes } from '#shared/record/record.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import { BlockFilter } from './block-filter.ts';
import { contextOf } from './filter-context.ts';
import { filterOf } from './filter-text.ts';

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
