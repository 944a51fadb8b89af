import { type ForTag, type Token, TypeGuards } from 'liquidjs';
import { compileToken, type Uses } from './expression.ts';
import { limits, Refused } from './limits.ts';
import { isWhole, type Run } from './scope.ts';
import { keysOf, parseNumber, Rendered, readMember, toText } from './values.ts';

/** Compiles the items that a loop visits; `undefined` stands for an empty list, whose `else` block is rendered. */
export function compileItems(tag: ForTag, uses: Uses): (run: Run) => readonly unknown[] | undefined {
  const { collection } = tag;
  const items = TypeGuards.isRangeToken(collection)
    ? compileRange(collection.lhs, collection.rhs, uses)
    : compileToken(collection, uses, true);
  const { limit, offset } = tag.hash.hash;
  const [most, from] = [limit, offset].map((it) => it && compileToken(it, uses));
  const isReversed = Object.hasOwn(tag.hash.hash, 'reversed');
  return (run) => {
    const all = itemsOf(items(run), run);
    if (all.length === 0) return undefined;
    const start = countOf(from?.(run), 0);
    const chosen = all.slice(start, start + countOf(most?.(run), all.length));
    run.budget.charge(chosen.length);
    return isReversed ? chosen.reverse() : chosen;
  };
}

/** Compiles the bounds of a range to the list of its integers. */
function compileRange(lhs: Token, rhs: Token, uses: Uses): (run: Run) => readonly number[] {
  const [low, high] = [compileToken(lhs, uses), compileToken(rhs, uses)];
  return (run) => {
    const from = bound(low(run), run);
    const to = bound(high(run), run);
    const count = Math.max(to - from + 1, 0);
    if (count > limits.items) throw new Refused(`The range has more than ${limits.items} items`);
    run.budget.charge(count);
    return Array.from({ length: count }, (_, index) => from + index);
  };
}

function bound(value: unknown, run: Run): number {
  const it = typeof value === 'string' ? parseNumber(toText(value, run.budget)) : value;
  if (!isWhole(it) || !Number.isSafeInteger(Number(it)))
    throw new Refused('The bounds of a range must be integers below 2^53');
  return Number(it);
}

/** Returns the items of a loop: of a list, the pairs of an object, or a text as one item. */
function itemsOf(value: unknown, run: Run): readonly unknown[] {
  if (Array.isArray(value)) {
    if (value.length > limits.items) throw new Refused(`The list has more than ${limits.items} items`);
    return value;
  }
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'string') return [value];
  const isObject = typeof value === 'object' && !(value instanceof Uint8Array) && !(value instanceof Rendered);
  if (isObject) return keysOf(value, run.budget).map((key) => [key, readMember(value, key, run.budget)]);
  throw new Refused('A loop needs a list or a range');
}

function countOf(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  const count = Number(value);
  if (!Number.isInteger(count) || count < 0) throw new Refused('`limit` and `offset` must be integers from 0');
  return count;
}

/** Runs `body` for each item, until it returns true. The variables of the loop have their earlier values afterwards. */
export function repeat(items: readonly unknown[], variable: string, run: Run, body: () => boolean): void {
  const { length } = items;
  const { locals } = run;
  const before = [variable, 'forloop'].map((name) => [name, locals.has(name), locals.get(name)] as const);
  for (const [index, item] of items.entries()) {
    run.budget.step();
    locals.set(variable, item);
    locals.set('forloop', {
      index: index + 1,
      index0: index,
      rindex: length - index,
      rindex0: length - index - 1,
      first: index === 0,
      last: index === length - 1,
      length,
    });
    if (body()) break;
  }
  for (const [name, was, value] of before) {
    if (was) locals.set(name, value);
    else locals.delete(name);
  }
}
