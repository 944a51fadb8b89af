import { Refused } from '../limits.ts';
import type { Run } from '../scope.ts';
import { Emptiness, isNumeric, plain, readMember, toJson, toText } from '../values.ts';
import { filter, integerOf, listOf, textOf } from './function.ts';

const itemsPath = 'last | json: "$.tags"';

/** The filters of lists, and those that suit texts and bytes too. */
export const listFilters = [
  filter(
    'default: value',
    'Replaces a value that is missing, `false` or empty',
    ['{{ missing | default: "none" }}', 'none'],
    (input, [fallback]) => (isBlank(input) ? fallback : input),
  ),
  filter(
    'size',
    'The number of items, of UTF-16 units of a text or of bytes',
    [`{{ ${itemsPath} | size }}`, '2'],
    (input, _, run) => readMember(input, 'size', run.budget) ?? 0,
  ),
  filter('first', 'The first item', [`{{ ${itemsPath} | first }}`, 'b'], (input, _, run) =>
    readMember(input, 'first', run.budget),
  ),
  filter('last', 'The last item', [`{{ ${itemsPath} | last }}`, 'a'], (input, _, run) =>
    readMember(input, 'last', run.budget),
  ),
  filter(
    'join: separator?',
    'Joins the items with a separator (a space)',
    [`{{ ${itemsPath} | join: "+" }}`, 'b+a'],
    (input, [separator], run) => {
      const between = separator === undefined ? ' ' : textOf(separator, run);
      const list = listOf(input, run);
      run.budget.charge(between.length * list.length);
      return list.map((item) => textOf(item, run)).join(between);
    },
  ),
  filter(
    'reverse',
    'Reverses a list, or the order of bytes',
    ['{{ "abc" | bytes: 0, 3 | reverse }}', 'cba'],
    (input, _, run) => {
      const it = plain(input);
      if (!(it instanceof Uint8Array)) return listOf(it, run).toReversed();
      run.budget.charge(it.length);
      return it.toReversed();
    },
  ),
  filter(
    'sort',
    'Sorts a list: numbers by value, everything else as text',
    [`{{ ${itemsPath} | sort | join }}`, 'a b'],
    (input, _, run) => {
      const list = listOf(input, run);
      run.budget.charge(list.length * 20);
      return list.toSorted((left, right) => order(left, right, run));
    },
  ),
  filter(
    'uniq',
    'Removes the repeated items of a list',
    ['{{ "a,b,a" | split: "," | uniq | join }}', 'a b'],
    (input, _, run) => {
      const seen = new Set<string>();
      return listOf(input, run).filter((item) => {
        const key = toJson(item, run.budget);
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      });
    },
  ),
  filter(
    'slice: start, length?',
    'The items or characters from `start` (from the end if negative), `length` of them (1)',
    ['{{ "abcdef" | slice: -3, 2 }}', 'de'],
    (input, [start, length], run) => {
      const it = Array.isArray(input) ? listOf(input, run) : textOf(input, run);
      const bound = { least: -it.length, most: it.length };
      const from = integerOf(start, run, { name: 'start', ...bound });
      const at = from < 0 ? it.length + from : from;
      const most = Number.MAX_SAFE_INTEGER;
      return it.slice(at, at + integerOf(length, run, { name: 'length', least: 0, most, fallback: 1 }));
    },
  ),
];

function isBlank(input: unknown): boolean {
  const it = plain(input);
  if (it === undefined || it === null || it === false || it === '' || it instanceof Emptiness) return true;
  return (Array.isArray(it) || it instanceof Uint8Array) && it.length === 0;
}

function order(left: unknown, right: unknown, run: Run): number {
  if (isNumeric(left) && isNumeric(right)) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'object' || typeof right === 'object') throw new Refused('Lists and objects have no order');
  const [one, other] = [toText(left, run.budget), toText(right, run.budget)];
  run.budget.charge(Math.min(one.length, other.length));
  return one < other ? -1 : one > other ? 1 : 0;
}
