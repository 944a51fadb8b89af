import { isNumeric } from '#shared/filter/exact-number.ts';
import { equalsFilter, formatFilter } from '#shared/filter/format.ts';
import type { TreePlace } from './tree.ts';

/** A longer text makes a filter that nobody reads; what it begins with is not what it is. */
const maxValue = 1_000;

/** The filter that lets through messages with this value at this place; undefined where the place holds no one value. */
export function valueFilter({ format, steps, value }: TreePlace): string | undefined {
  if (value === undefined) return undefined;
  if (isNumeric(value) && !Number.isFinite(typeof value === 'number' ? value : value.number)) return undefined;
  if (typeof value === 'string' && value.length > maxValue) return undefined;
  return equalsFilter(format, steps, value);
}

/** The filter that lets through messages that have this place at all. */
export function placeFilter({ format, steps }: TreePlace): string {
  return formatFilter({ kind: 'tree', format, path: steps, test: { op: 'exists' } });
}
