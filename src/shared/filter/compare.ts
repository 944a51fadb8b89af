import { RE2JS, RE2JSException } from 're2js';
import { decodeUtf8 } from '../bytes/text.ts';
import type { TreeTest } from './ast.ts';
import {
  type Comparison,
  compareBy,
  compareNumbers,
  type ExactNumber,
  exactNumber,
  isNumeric,
  LongNumber,
} from './exact-number.ts';

/** A regular expression whose matching time is linear. */
type Pattern = Pick<RE2JS, 'test'>;

type CompiledPattern =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly reason: string };

/** Larger programs are slow on every byte: `(a{900}){900}` is short to write. */
const maxProgramSize = 1_000;

/** `matches` examines this many bytes of a message: the largest program takes seconds for them, not minutes. */
export const maxMatchedBytes = 262_144;

/** Compiles `source` in RE2 syntax, or returns in words why it is invalid. `(?i)` at its start makes it case-insensitive. */
export function compilePattern(source: string): CompiledPattern {
  try {
    const pattern = RE2JS.compile(source);
    if (pattern.programSize() <= maxProgramSize) return { ok: true, pattern };
    return { ok: false, reason: 'the regular expression is too large' };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, reason: error.message.replace(/^error parsing regexp: /, '') };
  }
}

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

/** The operations on bytes that the evaluators need. A host can pass faster ones (Node's `Buffer`). */
export interface ByteTools {
  /** Returns where `needle` (not empty) begins in `bytes` at or after `from`, or -1. */
  indexOf(bytes: Uint8Array, needle: Uint8Array, from?: number): number;
  /** Returns the UTF-8 text in `bytes`, with its byte order mark, or `undefined` if they are not valid. */
  decode(bytes: Uint8Array): string | undefined;
}

/** Returns whether `bytes`, or their part `[from, to)`, match. */
export type ByteTest = (bytes: Uint8Array, from?: number, to?: number) => boolean;

export const plainByteTools: ByteTools = { indexOf: indexOfBytes, decode: decodeUtf8 };

/** Returns where `needle` begins in `bytes` at or after `from`, or -1. */
function indexOfBytes(bytes: Uint8Array, needle: Uint8Array, from = 0): number {
  const last = bytes.length - needle.length;
  if (needle.length === 0) return from <= last ? from : -1;
  const first = needle[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < needle.length && bytes[at + same] === needle[same]) same += 1;
    if (same === needle.length) return at;
  }
  return -1;
}

/** Returns true if `bytes` from `from` to `to` equal `wanted`. */
export function sameBytes(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  if (to - from !== wanted.length) return false;
  for (let at = 0; at < wanted.length; at += 1) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}
