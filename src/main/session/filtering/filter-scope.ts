import type { Failure, Result } from '#shared/failure.ts';
import type { Filter, FilterProblem } from '#shared/filter/ast.ts';
import { parseFilter } from '#shared/filter/parse.ts';
import type { BlockIndex } from '../reading/block-index.ts';
import { readBlock } from '../reading/decoded-block.ts';
import { MarkTable } from '../reading/mark-table.ts';
import type { FilterScope } from './block-test.ts';

/** The filter that `text` is; fails as `bad-input` where it is none, with what is wrong, where, and what to write. */
export function filterOf(text: string): Result<Filter> {
  const parsed = parseFilter(text);
  return parsed.ok ? { ok: true, value: parsed.filter } : { ok: false, error: noFilter(parsed.problem) };
}

function noFilter({ from, message, hint }: FilterProblem): Failure {
  return { code: 'bad-input', message: 'This is no filter', system: `at character ${from + 1}: ${message}`, hint };
}

/** What filters need to know of the session of `index` as it is now. */
export function scopeOf(index: BlockIndex): FilterScope {
  return { index, marks: new MarkTable(index), startAt: startOf(index) };
}

/** The time of the first record, milliseconds since the epoch; 0 where there is none. */
export function startOf(index: BlockIndex): number {
  return index.count === 0 ? 0 : (readBlock(index, 0)?.at(0) ?? 0);
}
