import type { Comparison, TreeTest } from './ast.ts';
import { compilePattern, maxMatchedBytes, type Pattern } from './regex.ts';

/** `left op right`; texts by their UTF-16 units. */
export function compareBy<T extends number | string>(op: Comparison, left: T, right: T): boolean {
  switch (op) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** The pattern of a filter that was parsed, and so compiles; throws where it does not. */
export function patternOf(source: string): Pattern {
  const compiled = compilePattern(source);
  if (compiled.ok) return compiled.pattern;
  throw new Error(`${source}: ${compiled.reason}`);
}

/** A test of a value that is there. */
export type ValueTest = (value: unknown) => boolean;

/**
 * The test of a JSON value: numbers are compared with numbers, texts with texts; of different kinds one is never less
 * or more, and `!=` is true. `contains` and `matches` look into texts only.
 */
export function jsonValueTest(test: TreeTest): ValueTest {
  if (test.op === 'exists') return () => true;
  if (test.op === 'contains') return (value) => typeof value === 'string' && value.includes(test.value);
  if (test.op === 'matches') {
    const pattern = patternOf(test.value);
    return (value) => typeof value === 'string' && pattern.test(value.slice(0, maxMatchedBytes));
  }
  const { op, value: wanted } = test;
  if (op === '==') return (value) => value === wanted;
  if (op === '!=') return (value) => value !== wanted;
  if (typeof wanted === 'number') return (value) => typeof value === 'number' && compareBy(op, value, wanted);
  if (typeof wanted === 'string') return (value) => typeof value === 'string' && compareBy(op, value, wanted);
  return () => false;
}

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * The test of the text of an XML element or attribute. Compared with a number it is taken as one where it is one; with
 * `true` and `false` by these words; with `null` it is never equal.
 */
export function xmlValueTest(test: TreeTest): (value: string) => boolean {
  if (test.op === 'exists') return () => true;
  if (test.op === 'contains' || test.op === 'matches') return jsonValueTest(test);
  const { op, value: wanted } = test;
  if (typeof wanted !== 'number')
    return jsonValueTest({ op, value: typeof wanted === 'boolean' ? `${wanted}` : wanted });
  return (value) => (numeric.test(value) ? compareBy(op, Number(value), wanted) : op === '!=');
}
