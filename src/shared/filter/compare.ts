import type { TreeTest } from './ast.ts';
import type { Comparison } from './compare-by.ts';
import { compareBy } from './compare-by.ts';
import { compareNumbers, type ExactNumber, exactNumber, isNumeric, LongNumber } from './exact-number.ts';
import { compilePattern, maxMatchedBytes, type Pattern } from './regex.ts';

/** The pattern of a filter that was parsed, and so compiles; throws where it does not. */
export function patternOf(source: string): Pattern {
  const compiled = compilePattern(source);
  if (compiled.ok) return compiled.pattern;
  throw new Error(`${source}: ${compiled.reason}`);
}

/** A test of a value that is there. */
export type ValueTest = (value: unknown) => boolean;

/**
 * The test of a JSON value: numbers are compared with numbers as written, texts with texts; of different kinds one is never less
 * or more, and `!=` is true. `contains` and `matches` look into texts only.
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
  // Nearly all numbers are doubles, and so compared at once.
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
 * The test of the text of an XML element or attribute. Compared with a number it is taken as one where it is one; with
 * `true` and `false` by these words; with `null` it is never equal.
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
