import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Filter, PathStep, TreeTest } from '#shared/filter/ast.ts';
import { compareBy, type ExactNumber, isNumeric } from '#shared/filter/exact-number.ts';
import { xmlNeedles } from '#shared/filter/tree-test.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import { allOf, type BlockTest, type Masks, type RecordTest, recordByRecord } from './block-test.ts';
import { eachHit, narrowTo } from './contains-test.ts';

type TreeFilter = Extract<Filter, { kind: 'tree' }>;

const hintCost = 60;
const jsonCost = 800;
const xmlCost = 8_000;

/**
 * A condition on a place in JSON or XML: searches a block's bytes for what a match must contain, and evaluates `test` only
 * for the records that contain it.
 */
export function treeTest(filter: TreeFilter, test: RecordTest, index: BlockIndex, masks: Masks): BlockTest {
  const isJson = filter.format === 'json';
  const whole = recordByRecord(index, test, isJson ? jsonCost : xmlCost);
  const hint = isJson ? jsonHint(filter) : xmlHint(filter);
  if (hint === undefined) return whole;
  // Events have no places.
  const events = recordByRecord(index, () => false, 0);
  const hinted: BlockTest = {
    cost: hintCost,
    narrow(block, mask, left) {
      const { payload, count } = block;
      if (payload === undefined) return left;
      const hits = masks.take(count).fill(0, 0, count);
      eachHit(block, payload, hint.needle, 'body', (place, at, end) => {
        if (!hint.mayMatch(payload, at, end)) return false;
        hits[place] = 1;
        return true;
      });
      if (isJson) {
        eachHit(block, payload, jsonEscape, 'body', (place) => {
          hits[place] = 1;
          return true;
        });
      }
      const rest = narrowTo(block, mask, left, hits, events, masks);
      masks.give(hits);
      return rest;
    },
  };
  return allOf([hinted, whole]);
}

function xmlHint(filter: TreeFilter): TreeHint | undefined {
  const needle = xmlNeedles(filter).at(-1);
  return needle && { needle, mayMatch: () => true };
}

/** Where a message may match a path: the bytes it must contain, and a check of the bytes after them. */
interface TreeHint {
  readonly needle: Uint8Array;
  /** Returns false if the bytes after the needle, which begins at `at` in a message that ends at `end`, exclude a match. */
  readonly mayMatch: (bytes: Uint8Array, at: number, end: number) => boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBracket = 0x5b;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
/** Integers up to this number of digits are exact. */
const exactDigits = 15;

/**
 * Returns what a message without a backslash must contain to match `filter`, a JSON path: its last name as a key, followed by
 * a value that may pass the test. Returns `undefined` for a path without a name to search for. Only finds the messages to
 * test, without parsing the others: the whole message decides whether it matches.
 */
function jsonHint({ path, test }: TreeFilter): TreeHint | undefined {
  const last = path.findLastIndex(({ kind }) => kind === 'key');
  const step = path[last];
  if (step?.kind !== 'key' || /["\\\u0000-\u001f]/.test(step.name)) return undefined;
  const needle = encodeUtf8(`"${step.name}"`);
  const valueMayPass = valueCheck(path[last + 1], test);
  return {
    needle,
    mayMatch(bytes, at, end) {
      const afterName = skipSpace(bytes, at + needle.length, end);
      if (bytes[afterName] !== colon) return false;
      const value = skipSpace(bytes, afterName + 1, end);
      return value < end && valueMayPass(bytes, value, end);
    },
  };
}

type ValueCheck = (bytes: Uint8Array, at: number, end: number) => boolean;

function valueCheck(next: PathStep | undefined, test: TreeTest): ValueCheck {
  if (next !== undefined) return (bytes, at) => bytes[at] === openBracket;
  if (test.op === 'exists' || test.op === '!=') return () => true;
  if (test.op === 'contains' || test.op === 'matches') return (bytes, at) => bytes[at] === quote;
  if (test.op === 'range') {
    const [low, high] = [doubleOf(test.low), doubleOf(test.high)];
    return (bytes, at, end) => {
      const number = numberAt(bytes, at, end);
      return number !== undefined && number >= low && number <= high;
    };
  }
  const { op, value } = test;
  if (isNumeric(value)) {
    const wanted = doubleOf(value);
    return (bytes, at, end) => {
      const number = numberAt(bytes, at, end);
      // If the doubles are equal, the digits decide.
      return number !== undefined && (number === wanted || compareBy(op, number, wanted));
    };
  }
  if (op !== '==') return (bytes, at) => bytes[at] === quote;
  const token = tokenOf(value);
  return (bytes, at, end) => beginsWith(bytes, at, end, token);
}

function doubleOf(value: ExactNumber): number {
  return typeof value === 'number' ? value : value.number;
}

/** Returns a text, `true`, `false` or `null` in JSON without a backslash. */
function tokenOf(value: string | boolean | null): Uint8Array {
  return encodeUtf8(typeof value === 'string' ? `"${value}"` : `${value}`);
}

/** Returns the JSON number at `at`, or `undefined` if something else is there. */
function numberAt(bytes: Uint8Array, at: number, end: number): number | undefined {
  const isNegative = bytes[at] === minus;
  const from = isNegative ? at + 1 : at;
  let value = 0;
  let to = from;
  for (; to < end; to += 1) {
    const byte = bytes[to] as number;
    if (byte < zero || byte > nine) break;
    value = value * 10 + byte - zero;
  }
  if (to === from) return undefined;
  const isInteger = to === end || !isNumberByte(bytes[to] as number);
  if (isInteger && to - from <= exactDigits) return isNegative ? -value : value;
  while (to < end && isNumberByte(bytes[to] as number)) to += 1;
  return Number(Buffer.prototype.latin1Slice.call(bytes, at, to));
}

/** Returns true for bytes that may follow the first digit of a number. */
function isNumberByte(byte: number): boolean {
  // 0 to 9, “.”, “e”, “E”, “+”, “-”.
  if (byte >= zero && byte <= nine) return true;
  return byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === minus;
}

function beginsWith(bytes: Uint8Array, at: number, end: number, token: Uint8Array): boolean {
  if (at + token.length > end) return false;
  for (let index = 0; index < token.length; index += 1) if (bytes[at + index] !== token[index]) return false;
  return true;
}

function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) break;
    at += 1;
  }
  return at;
}

/** A message with this byte may spell names and values differently. */
const jsonEscape = Uint8Array.of(backslash);
