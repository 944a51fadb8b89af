import { isNumeric } from '#shared/filter/exact-number.ts';
import { equalsFilter, formatFilter } from '#shared/filter/format.ts';
import type { TreePlace } from './tree.ts';

/** A filter by a longer text would be unreadable, and its beginning alone is not equal to the value. */
const maxValue = 1_000;

/** Returns the filter for messages with this value at this path; `undefined` if the node is not a single value. */
export function valueFilter({ format, steps, value }: TreePlace): string | undefined {
  if (value === undefined) return undefined;
  if (isNumeric(value) && !Number.isFinite(typeof value === 'number' ? value : value.number)) return undefined;
  if (typeof value === 'string' && value.length > maxValue) return undefined;
  return equalsFilter(format, steps, value);
}

/** Returns the filter for messages in which this path exists. */
export function placeFilter({ format, steps }: TreePlace): string {
  return formatFilter({ kind: 'tree', format, path: steps, test: { op: 'exists' } });
}
