import { encodeUtf8 } from '../bytes/text.ts';
import { parseXml, unescapeXml, type XmlDocument, type XmlElement } from '../payload/xml.ts';
import type { Filter, PathStep } from './ast.ts';
import { type ByteTest, type ByteTools, jsonValueTest, type ValueTest, xmlValueTest } from './compare.ts';
import { exactNumber, isNumeric } from './exact-number.ts';
import { JsonScan } from './json-scan.ts';

type TreeFilter = Extract<Filter, { kind: 'tree' }>;

/** Larger messages are not parsed as JSON or XML. */
export const maxTreeBytes = 16 * 1_048_576;

const backslash = 0x5c;

/**
 * Returns byte strings that every matching message without a backslash contains (with one, names and texts can be
 * spelled differently). Used to skip whole blocks.
 */
function jsonNeedles({ path, test }: TreeFilter): Uint8Array<ArrayBuffer>[] {
  const texts: string[] = [];
  if ((test.op === '==' || test.op === 'contains') && typeof test.value === 'string') texts.push(test.value);
  // The last name first: the fewest messages have it.
  for (const step of path.toReversed()) if (step.kind === 'key') texts.push(step.name);
  return [...new Set(texts)].filter((text) => text !== '').map(encodeUtf8);
}

/** For messages up to this size a scan is faster than a search of their bytes. */
const smallBytes = 256;

/**
 * Returns the test of the place of `filter` in a message as JSON: `bytes`, or their part `[from, to)`. Never matches what is
 * not JSON. Never throws on input.
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
      if (!containsAll(body, needles, tools) && body.indexOf(backslash) < 0) return false;
    }
    const verdict = scan?.scan(bytes, from, to) ?? 'unsure';
    if (verdict !== 'unsure') return verdict === 'found' && test(scan?.value);
    const parsed = parsedJson(tools.decode(bytes.subarray(from, to)), isExact);
    return parsed !== undefined && reach(parsed);
  };
}

function containsAll(body: Uint8Array, needles: readonly Uint8Array[], tools: ByteTools): boolean {
  for (const needle of needles) if (tools.indexOf(body, needle) < 0) return false;
  return true;
}

/** A text that does not match this has no number that a double cannot represent exactly. */
const mayBeLong = /\d[\d.]{15}|\d[eE]/;

/** Returns the value of `text`, with its numbers as written if `isExact`; `undefined`, which JSON does not have, if it is invalid. */
function parsedJson(text: string | undefined, isExact: boolean): unknown {
  if (text === undefined) return undefined;
  try {
    return isExact && mayBeLong.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a number as written: a reviver for `JSON.parse`. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value;
}

function isByteOrderMark(bytes: Uint8Array, at: number, to: number): boolean {
  return at + 3 <= to && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

/** Returns the first byte of a message that has a path with this first step; 0 for any. */
function openingOf(step: PathStep | undefined): number {
  if (step === undefined) return 0;
  return step.kind === 'key' ? 0x7b : 0x5b;
}

/** Returns false if the first or the last byte shows that a message has no such place: parsing is expensive, failing even more. */
function frameFits(bytes: Uint8Array, from: number, to: number, opening: number): boolean {
  let first = from;
  while (first < to && isSpace(bytes[first] as number)) first += 1;
  let last = to - 1;
  while (last > first && isSpace(bytes[last] as number)) last -= 1;
  if (first >= to) return false;
  if (opening === 0) return true;
  // In ASCII the codes of “}” and “]” are two above those of “{” and “[”.
  return bytes[first] === opening && bytes[last] === opening + 2;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Returns a function that follows `path` from a value and tests the result; `[*]` matches if any element does. */
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

/** Returns byte strings that every matching message contains: the names, which XML cannot spell differently. */
export function xmlNeedles({ path }: TreeFilter): Uint8Array<ArrayBuffer>[] {
  const names = path.flatMap((step) => (step.kind === 'key' ? [step.name.replace(/^@/, '')] : []));
  return [...new Set(names)].filter((name) => name !== '').map(encodeUtf8);
}

/**
 * Returns the test of the place of `filter` in a message as XML (`bytes`, or their part `[from, to)`): matches if any of the
 * elements and attributes there does. Never matches what is not XML. Never throws on input.
 */
export function xmlTest(filter: TreeFilter, tools: ByteTools): ByteTest {
  const needles = xmlNeedles(filter);
  const test = xmlValueTest(filter.test);
  const existsOnly = filter.test.op === 'exists';
  return (bytes, from = 0, to = bytes.length) => {
    const body = bytes.subarray(from, to);
    // The shortest document is `<a/>`.
    if (body.length < 4 || body.length > maxTreeBytes || body.indexOf(0x3c) < 0) return false;
    for (const needle of needles) if (tools.indexOf(body, needle) < 0) return false;
    const text = tools.decode(body);
    if (text === undefined) return false;
    const parsed = parseXml(text);
    if (!parsed.ok) return false;
    const { elements, attributes } = placesOf(parsed.value, filter.path);
    if (existsOnly) return elements.length + attributes.length > 0;
    return elements.some((element) => test(textOf(text, element).trim())) || attributes.some(test);
  };
}

interface Places {
  readonly elements: readonly XmlElement[];
  /** Their values. */
  readonly attributes: readonly string[];
}

/** Returns the elements and attributes to which `path` leads. An index counts the children with one name in one element. */
export function placesOf({ root }: XmlDocument, path: readonly PathStep[]): Places {
  const [first, ...rest] = path;
  if (first === undefined) return { elements: [root], attributes: [] };
  if (first.kind !== 'key' || first.name !== root.name) return { elements: [], attributes: [] };
  let lists: (readonly XmlElement[])[] = [[root]];
  for (const [at, step] of rest.entries()) {
    if (step.kind === 'any') continue;
    if (step.kind === 'index') lists = lists.map((list) => list.slice(step.index, step.index + 1));
    else if (step.name.startsWith('@')) {
      const isLast = rest.slice(at + 1).every(({ kind }) => kind === 'any');
      return { elements: [], attributes: isLast ? attributesOf(lists.flat(), step.name.slice(1)) : [] };
    } else lists = lists.flatMap((list) => list.map((element) => childrenOf(element, step.name)));
  }
  return { elements: lists.flat(), attributes: [] };
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child): child is XmlElement => child.kind === 'element' && child.name === name);
}

function attributesOf(elements: readonly XmlElement[], name: string): string[] {
  return elements.flatMap(({ attributes }) =>
    attributes.filter((one) => one.name === name).map((one) => unescapeXml(one.value)),
  );
}

/** Returns all text inside `element` and its descendants, without comments. */
export function textOf(text: string, element: XmlElement): string {
  let whole = '';
  for (const child of element.children) {
    if (child.kind === 'element') whole += textOf(text, child);
    else if (child.kind === 'text') whole += unescapeXml(text.slice(child.at, child.end));
    else if (child.kind === 'cdata') whole += text.slice(child.at + '<![CDATA['.length, child.end - ']]>'.length);
  }
  return whole;
}
