import { assertNever } from '../assert-never.ts';
import { toHex } from '../bytes/hex.ts';
import { isoMicros } from '../record/record.ts';
import type { Filter, NumberField, PathStep, StringField, StringTest, TreeTest, TreeValue } from './ast.ts';
import { LongNumber } from './exact-number.ts';
import { quoteFilterString, quotePattern, writePath } from './literals.ts';

/** Returns `filter` as text. `parseFilter` reads the result as the same filter; it has no unnecessary parentheses. */
export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'all':
      return '';
    case 'and':
      return filter.parts.map((part) => inside(part, part.kind === 'and' || part.kind === 'or')).join(' && ');
    case 'or':
      return filter.parts.map((part) => inside(part, part.kind === 'or')).join(' || ');
    case 'not':
      return `!${inside(filter.part, filter.part.kind !== 'flag' && filter.part.kind !== 'not')}`;
    case 'flag':
      return filter.flag;
    case 'number':
      return `${filter.field} ${filter.op} ${filter.value}`;
    case 'time':
      return `time ${filter.op} ${filter.absolute ? absoluteTime(filter.value) : span(filter.value)}`;
    case 'call-duration':
      return `call.duration ${filter.op} ${span(filter.value)}`;
    case 'record-kind':
      return `kind ${filter.op} ${filter.value}`;
    case 'checksum':
      return filter.verdict === undefined ? 'checksum' : `checksum == ${filter.verdict}`;
    case 'string':
      return `${filter.field} ${stringTest(filter)}`;
    case 'text':
      return `text ${stringTest(filter)}`;
    case 'bytes':
      return `bytes ${filter.op} ${filter.value.length === 0 ? '""' : toHex(filter.value, ':')}`;
    case 'tree':
      return `${filter.format}${writePath(filter.path)}${treeTest(filter.test)}`;
    default:
      return assertNever(filter);
  }
}

function inside(filter: Filter, isGroup: boolean): string {
  const text = formatFilter(filter);
  return isGroup ? `(${text})` : text;
}

/** Returns milliseconds as an exact time span. */
function span(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** Omits a fraction of zero seconds. */
function absoluteTime(at: number): string {
  return isoMicros(at).replace(/(?:\.0+|0+)Z$/, 'Z');
}

function stringTest({ op, value }: { op: StringTest; value: string }): string {
  return `${op} ${op === 'matches' ? quotePattern(value) : quoteFilterString(value)}`;
}

function treeTest(test: TreeTest): string {
  if (test.op === 'exists') return '';
  if (test.op === 'contains' || test.op === 'matches') return ` ${stringTest(test)}`;
  if (test.op === 'range') return ` in {${treeValue(test.low)}..${treeValue(test.high)}}`;
  return ` ${test.op} ${treeValue(test.value)}`;
}

function treeValue(value: TreeValue): string {
  if (value instanceof LongNumber) return value.written;
  return typeof value === 'string' ? quoteFilterString(value) : String(value);
}

/** Returns a filter for messages that have `value` at the place `path` of their `format`. */
export function equalsFilter(format: 'json' | 'xml', path: readonly PathStep[], value: TreeValue): string {
  return formatFilter({ kind: 'tree', format, path, test: { op: '==', value } });
}

/** Returns a filter for records whose field has `value`. */
export function fieldFilter(field: NumberField, value: number): string;
export function fieldFilter(field: StringField | 'text', value: string): string;
export function fieldFilter(field: NumberField | StringField | 'text', value: number | string): string {
  return `${field} == ${typeof value === 'number' ? value : quoteFilterString(value)}`;
}

/**
 * Returns the text of a filter that requires both filters; an empty one is ignored. `left` keeps its spelling, and gets
 * parentheses if it contains an “or”. Both may still be incomplete.
 */
export function andFilter(left: string, right: string): string {
  const [first, second] = [left.trim(), right.trim()];
  if (first === '' || second === '') return first || second;
  if (first === second) return first;
  return `${grouped(first)} && ${grouped(second)}`;
}

/** Returns `text` in parentheses if an “and” could split it; also if a quoted text contains “or” or bars. */
function grouped(text: string): string {
  return /\|\||\bor\b/i.test(text) ? `(${text})` : text;
}
