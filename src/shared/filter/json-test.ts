import { encodeUtf8 } from '../bytes/text.ts';
import type { Filter, PathStep } from './ast.ts';
import type { ByteTest, ByteTools } from './byte-search.ts';
import { jsonValueTest, type ValueTest } from './compare.ts';
import { exactNumber, isNumeric } from './exact-number.ts';
import { JsonScan } from './json-scan.ts';

type TreeFilter = Extract<Filter, { kind: 'tree' }>;

/** Larger messages are not read as JSON or XML. */
export const maxTreeBytes = 16 * 1_048_576;

const backslash = 0x5c;

/**
 * Bytes without which a message can not match, each: true for every message that has no backslash (with one, names
 * and texts can be spelled otherwise). For skipping whole blocks.
 */
function jsonNeedles({ path, test }: TreeFilter): Uint8Array<ArrayBuffer>[] {
  const texts: string[] = [];
  if ((test.op === '==' || test.op === 'contains') && typeof test.value === 'string') texts.push(test.value);
  // The last name first: it is the one that the fewest messages have.
  for (const step of path.toReversed()) if (step.kind === 'key') texts.push(step.name);
  return [...new Set(texts)].filter((text) => text !== '').map(encodeUtf8);
}

/** Messages up to this size are looked through faster than their bytes are searched. */
const smallBytes = 256;

/**
 * Tests the place of `filter` in a message as JSON: `bytes`, or their part `[from, to)`. What is no JSON has no places.
 * Never throws on input.
 */
export function jsonTest(filter: TreeFilter, tools: ByteTools): ByteTest {
  const needles = jsonNeedles(filter).slice(0, 2);
  const test = jsonValueTest(filter.test);
  const reach = walkerOf(filter.path, test);
  const opening = openingOf(filter.path[0]);
  const scan = filter.path.some(({ kind }) => kind === 'any') ? undefined : new JsonScan(filter.path);
  const isExact = filter.test.op === 'range' || ('value' in filter.test && isNumeric(filter.test.value));
  return (bytes, start = 0, to = bytes.length) => {
    const from = bytes[start] === 0xef && isByteOrderMark(bytes, start, to) ? start + 3 : start;
    const length = to - from;
    if (length > maxTreeBytes || !frameFits(bytes, from, to, opening)) return false;
    if (length > smallBytes) {
      const body = bytes.subarray(from, to);
      for (const needle of needles) {
        if (tools.indexOf(body, needle) < 0 && body.indexOf(backslash) < 0) return false;
      }
    }
    if (scan) {
      const verdict = scan.scan(bytes, from, to);
      if (verdict === 'found') return test(scan.value);
      if (verdict !== 'unsure') return false;
    }
    const parsed = parsedJson(tools.decode(bytes.subarray(from, to)), isExact);
    return parsed !== undefined && reach(parsed);
  };
}

/** A text without one of these has no number that a double does not tell from its neighbours. */
const mayBeLong = /\d[\d.]{15}|\d[eE]/;

/** The value of `text`, with `isExact` its numbers as written; `undefined`, which JSON has not, where it is none. */
function parsedJson(text: string | undefined, isExact: boolean): unknown {
  if (text === undefined) return undefined;
  try {
    return isExact && mayBeLong.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a number as it is written, for `JSON.parse`. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;
}

function isByteOrderMark(bytes: Uint8Array, at: number, to: number): boolean {
  return at + 3 <= to && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** The byte with which a message has to begin for a path with this first step; 0 for any. */
function openingOf(step: PathStep | undefined): number {
  if (step === undefined) return 0;
  return step.kind === 'key' ? 0x7b : 0x5b;
}

/** False where the first or the last byte already tell that a message has no such place: parsing costs, failing more. */
function frameFits(bytes: Uint8Array, from: number, to: number, opening: number): boolean {
  let first = from;
  while (first < to && isSpace(bytes[first] as number)) first += 1;
  let last = to - 1;
  while (last > first && isSpace(bytes[last] as number)) last -= 1;
  if (first >= to) return false;
  if (opening === 0) return true;
  // In ASCII “}” and “]” are two behind “{” and “[”.
  return bytes[first] === opening && bytes[last] === opening + 2;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Follows `path` from a value on, and tests what is there; `[*]` is met where any element is. */
function walkerOf(path: readonly PathStep[], test: ValueTest): ValueTest {
  return path.reduceRight<ValueTest>((next, step) => {
    if (step.kind === 'key') return keyWalker(step.name, next);
    if (step.kind === 'index') {
      const { index } = step;
      return (value) => Array.isArray(value) && index < value.length && next(value[index]);
    }
    return (value) => Array.isArray(value) && value.some(next);
  }, test);
}

function keyWalker(name: string, next: ValueTest): ValueTest {
  const isInherited = name in {};
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isNumeric(value)) return false;
    if (isInherited && !Object.hasOwn(value, name)) return false;
    const found = (value as Readonly<Record<string, unknown>>)[name];
    // JSON has no `undefined`.
    return found !== undefined && next(found);
  };
}
