import type { TreeTest } from './ast.ts';
import type { Comparison } from './compare-by.ts';
import { compareBy } from './compare-by.ts';
import { compareNumbers, type ExactNumber, exactNumber, isNumeric, LongNumber } from './exact-number.ts';
import { compilePattern, maxMatchedBytes, type Pattern } from './regex.ts';

/** Returns the pattern of a filter that was parsed, and therefore compiles; throws otherwise. */
export function patternOf(source: string): Pattern {
  const compiled = compilePattern(source);
  if (compiled.ok) return compiled.pattern;
  throw new Error(`${source}: ${compiled.reason}`);
}

/** A test of a value that exists. */
export type ValueTest = (value: unknown) => boolean;

/**
 * Returns the test of a JSON value. Numbers are compared with numbers as written, and texts with texts; values of different
 * kinds are never less or more, and `!=` is true for them. `contains` and `matches` apply to texts only.
 */
export function jsonValueTest(test: TreeTest): ValueTest {
  if (test.op === 'exists') return () => true;
  if (test.op === 'contains') return (value) => typeof value === 'string' && value.includes(test.value);
  if (test.op === 'matches') {
    const pattern = patternOf(test.value);
    return (value) => typeof value === 'string' && pattern.test(value.slice(0, maxMatchedBytes));
  }
  if (test.op === 'range') return rangeTest(test);
  const { op, value: wanted } = test;
  if (isNumeric(wanted)) return numberTest(op, wanted);
  if (op === '==') return (value) => value === wanted;
  if (op === '!=') return (value) => value !== wanted;
  if (typeof wanted === 'string') return (value) => typeof value === 'string' && compareBy(op, value, wanted);
  return () => false;
}

function numberTest(op: Comparison, wanted: ExactNumber): ValueTest {
  // Fast path: nearly all numbers are doubles.
  if (op === '==' && typeof wanted === 'number') {
    return (value) => value === wanted || (value instanceof LongNumber && compareNumbers(op, value, wanted));
  }
  return (value) => (isNumeric(value) ? compareNumbers(op, value, wanted) : op === '!=');
}

function rangeTest({ low, high }: Extract<TreeTest, { op: 'range' }>): ValueTest {
  return (value) => isNumeric(value) && compareNumbers('>=', value, low) && compareNumbers('<=', value, high);
}

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Returns the test of the text of an XML element or attribute. It is compared as a number with a number if it is one, as the
 * words `true` and `false` with these; it never equals `null`.
 */
export function xmlValueTest(test: TreeTest): (value: string) => boolean {
  if (test.op === 'exists') return () => true;
  if (test.op === 'contains' || test.op === 'matches') return jsonValueTest(test);
  if (test.op === 'range') {
    const inRange = rangeTest(test);
    return (value) => numeric.test(value) && inRange(exactNumber(value));
  }
  const { op, value: wanted } = test;
  if (!isNumeric(wanted)) return jsonValueTest({ op, value: typeof wanted === 'boolean' ? `${wanted}` : wanted });
  return (value) => (numeric.test(value) ? compareNumbers(op, exactNumber(value), wanted) : op === '!=');
}
