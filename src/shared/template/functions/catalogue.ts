import { binaryFilters } from './binary.ts';
import { encodingFilters } from './encodings.ts';
import type { Described, FilterFunction, ValueFunction } from './function.ts';
import { listFilters } from './lists.ts';
import { numberFilters } from './numbers.ts';
import { randomFilters } from './random.ts';
import { sourceFilters } from './sources.ts';
import { tagDescriptions } from './tags.ts';
import { textFilters } from './text.ts';
import { counterFilters, valueFunctions } from './values.ts';

interface FunctionGroup {
  readonly title: string;
  readonly functions: readonly Described[];
}

const filterGroups: readonly { readonly title: string; readonly functions: readonly FilterFunction[] }[] = [
  { title: 'Received messages, files and time', functions: sourceFilters },
  { title: 'Counters', functions: counterFilters },
  { title: 'Random values', functions: randomFilters },
  { title: 'Encodings and blocks', functions: encodingFilters },
  { title: 'Numbers', functions: numberFilters },
  { title: 'Text', functions: textFilters },
  { title: 'Lists', functions: listFilters },
  { title: 'Numbers as bytes', functions: binaryFilters },
];

const groups: readonly FunctionGroup[] = [
  { title: 'Values', functions: valueFunctions },
  ...filterGroups,
  { title: 'Tags', functions: tagDescriptions },
];

const valuesByName = new Map<string, ValueFunction>(valueFunctions.map((it) => [it.name, it]));
const filtersByName = new Map(filterGroups.flatMap(({ functions }) => functions).map((it) => [it.name, it]));

/** Returns the values, filters and tags of templates by group: for completion, hover and docs/templates.md. */
export function describe(): readonly FunctionGroup[] {
  return groups;
}

/** Returns the built-in value with this name. */
export function builtInValue(name: string): ValueFunction | undefined {
  return valuesByName.get(name);
}

/** Returns the filter with this name. */
export function filterNamed(name: string): FilterFunction | undefined {
  return filtersByName.get(name);
}
