import { limits, Refused } from '../limits.ts';
import { isWhole, type Run } from '../scope.ts';
import { isNumeric, parseNumber, plain, toText } from '../values.ts';

/** What completion, hover and docs/templates.md show of a value, filter or tag. */
export interface Described {
  readonly kind: 'value' | 'filter' | 'tag';
  readonly name: string;
  /** The parameters in order; an optional one ends with `?`, one that repeats with `…`. */
  readonly parameters: readonly string[];
  /** One sentence, without a full stop. */
  readonly help: string;
  /** A template in the format `text` (`hex` for filters that write bytes), and its result with the sample values of the documentation. */
  readonly example: string;
  readonly result: string;
}

/** A name that can be written as `{{ name }}`. */
export interface ValueFunction extends Described {
  readonly kind: 'value';
  readonly read: (run: Run) => unknown;
}

/** A filter: `{{ input | name: args }}`. */
export interface FilterFunction extends Described {
  readonly kind: 'filter';
  /** Throws `Refused` if the input or the arguments do not suit. */
  readonly apply: (input: unknown, args: readonly unknown[], run: Run) => unknown;
}

/** Defines a value of the catalogue. */
export function value(
  name: string,
  help: string,
  [example, result]: readonly [example: string, result: string],
  read: ValueFunction['read'],
): ValueFunction {
  return { kind: 'value', name, parameters: [], help, example, result, read };
}

/** Defines a filter of the catalogue. `signature` is its name and its parameters: `replace: text, replacement?`. */
export function filter(
  signature: string,
  help: string,
  [example, result]: readonly [example: string, result: string],
  apply: FilterFunction['apply'],
): FilterFunction {
  const [name = '', rest] = signature.split(': ');
  return { kind: 'filter', name, parameters: rest?.split(', ') ?? [], help, example, result, apply };
}

/** Returns the text of an argument or an input, and counts it as work. */
export function textOf(input: unknown, run: Run): string {
  const text = toText(input, run.budget);
  run.budget.charge(text.length);
  return text;
}

/** Returns a number, or the number that a text spells in decimal. */
export function numberOf(input: unknown, run: Run): number | bigint {
  if (isNumeric(input)) return input;
  const it = plain(input);
  const text = typeof it === 'string' || it instanceof Uint8Array ? toText(it, run.budget).trim() : undefined;
  const number = text === undefined ? undefined : parseNumber(text);
  if (number === undefined) throw new Refused(`${shown(it, run)} is not a number`);
  return number;
}

/** Returns a number from `least` to `most`; `fallback` for a missing argument. */
export function integerOf(
  input: unknown,
  run: Run,
  { name, least, most, fallback }: { name: string; least: number; most: number; fallback?: number },
): number {
  if (input === undefined && fallback !== undefined) return fallback;
  const number = numberOf(input, run);
  if (!isWhole(number) || number < least || number > most) {
    throw new Refused(`\`${name}\` must be an integer from ${least} to ${most}, not ${shown(number, run)}`);
  }
  return Number(number);
}

/** Returns a list; throws `Refused` for other values and for a list that is too long. */
export function listOf(input: unknown, run: Run): readonly unknown[] {
  if (!Array.isArray(input)) throw new Refused(`${shown(input, run)} is not a list`);
  if (input.length > limits.items) throw new Refused(`A list has more than ${limits.items} items`);
  run.budget.charge(input.length);
  return input;
}

const longestShown = 40;

/** Returns a value as a message quotes it. */
export function shown(input: unknown, run: Run): string {
  const it = plain(input);
  if (it === null || it === undefined) return 'A missing value';
  if (it instanceof Uint8Array) return `A value of ${it.length} bytes`;
  if (typeof it === 'object') return Array.isArray(it) ? 'A list' : 'An object';
  const text = toText(it, run.budget);
  return `\`${text.length > longestShown ? `${text.slice(0, longestShown)}…` : text}\``;
}
