import { encodeUtf8 } from '../bytes/text.ts';
import { parseXml, unescapeXml, type XmlDocument, type XmlElement } from '../payload/xml.ts';
import type { Filter, PathStep } from './ast.ts';
import type { ByteTest, ByteTools } from './byte-search.ts';
import { xmlValueTest } from './compare.ts';
import { maxTreeBytes } from './json-test.ts';

type TreeFilter = Extract<Filter, { kind: 'tree' }>;

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

export interface Places {
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
