import { evaluateXPath, type IDomFacade } from 'fontoxpath';
import { type Attr, type Element, Node, parseXmlDocument } from 'slimdom';
import { firstError } from './list-problems.ts';
import { lineCounter, type Problem } from './problem.ts';
import { parseXml, unescapeXml, type XmlElement } from './xml.ts';

/*
 * XPath 3.1 queries on XML documents. Loads two large libraries: import this module with the first query.
 */

/** One result of a query. */
interface XmlMatch {
  /** What was found: a node, or a value that the expression computes. */
  readonly kind: 'element' | 'attribute' | 'text' | 'comment' | 'instruction' | 'document' | 'value';
  /** An XPath that finds the node, `/order[1]/item[2]/@id`; empty for a value. */
  readonly path: string;
  /** The text of the node or the value, shortened to the limit of the query (1000 UTF-16 units). */
  readonly text: string;
  /** Where the element of the node is in the document; `undefined` for values, and in documents with a DOCTYPE. */
  readonly place?: { readonly at: number; readonly end: number; readonly line: number; readonly column: number };
}

type XmlQuery =
  /** `isCut`: there are more results than the maximum. */
  | { readonly kind: 'found'; readonly matches: readonly XmlMatch[]; readonly isCut: boolean }
  /** The document is not well-formed. */
  | { readonly kind: 'invalid-document'; readonly problem: Problem }
  /** The expression is invalid, or its evaluation failed. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The evaluation reached the maximum time, size or depth. */
  | { readonly kind: 'limit'; readonly limit: 'time' | 'size' | 'depth' };

/** Limits of a query; `timeMs` is checked whenever the evaluation reads the document. */
interface QueryLimits {
  readonly timeMs?: number;
  readonly matches?: number;
  /** The length of the text of a result. UTF-16 units. */
  readonly text?: number;
}

const maxDocumentLength = 8 * 1_048_576;
const maxQueryLength = 10_000;
const maxMatchText = 1_000;

class TimeOver extends Error {}

/**
 * Evaluates `xpath` on the document `text`. Prefixes are those that the document declares, the outermost first; a name without a prefix is
 * in the default namespace of the root element. An expression that computes without reading the document is not stopped by the time limit:
 * call this in a thread that can be ended. Never throws on input.
 */
export function queryXml(text: string, xpath: string, limits: QueryLimits = {}): XmlQuery {
  const { timeMs = 2_000, matches = 1_000, text: maxText = maxMatchText } = limits;
  if (text.length > maxDocumentLength || xpath.length > maxQueryLength) return { kind: 'limit', limit: 'size' };
  const problem = firstError('xml', text);
  if (problem) return { kind: 'invalid-document', problem };
  const parsed = parseXml(text);
  if (!parsed.ok) return { kind: 'limit', limit: 'depth' };
  try {
    const document = parseXmlDocument(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    const namespaces = namespacesOf(parsed.value.root);
    const found: unknown[] = evaluateXPath(
      xpath,
      document,
      facadeUntil(performance.now() + timeMs),
      null,
      evaluateXPath.ALL_RESULTS_TYPE,
      {
        language: evaluateXPath.XPATH_3_1_LANGUAGE,
        namespaceResolver: (prefix) => namespaces.get(prefix) ?? null,
        logger: { trace() {} },
      },
    );
    const places = parsed.value.nodes.some(({ kind }) => kind === 'doctype')
      ? undefined
      : { position: lineCounter(text), root: parsed.value.root };
    const shown = found.slice(0, matches).map((item) => matchOf(item, places, maxText));
    return { kind: 'found', matches: shown, isCut: found.length > matches };
  } catch (error) {
    if (error instanceof TimeOver) return { kind: 'limit', limit: 'time' };
    if (error instanceof RangeError) return { kind: 'limit', limit: 'depth' };
    if (!(error instanceof Error)) throw error;
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

/** Returns what the expression reads the document through; it throws `TimeOver` after `end`. */
function facadeUntil(end: number): IDomFacade {
  const within = <Value>(value: Value): Value => {
    if (performance.now() > end) throw new TimeOver();
    return value;
  };
  const facade = {
    getAllAttributes: (node: Element) => within(node.attributes),
    getAttribute: (node: Element, name: string) => within(node.getAttribute(name)),
    getChildNodes: (node: Node) => within(node.childNodes),
    getData: (node: Attr & { readonly data?: string }) => within(node.data ?? node.value ?? ''),
    getFirstChild: (node: Node) => within(node.firstChild),
    getLastChild: (node: Node) => within(node.lastChild),
    getNextSibling: (node: Node) => within(node.nextSibling),
    getParentNode: (node: Node) => within(parentOf(node)),
    getPreviousSibling: (node: Node) => within(node.previousSibling),
  };
  return facade as unknown as IDomFacade;
}

function parentOf(node: Node): Node | null {
  return node.nodeType === Node.ATTRIBUTE_NODE ? (node as Attr).ownerElement : node.parentNode;
}

/** Returns the namespace of each prefix that the elements declare; of several, the first in the order of the document. */
function namespacesOf(root: XmlElement): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = ({ attributes, children }: XmlElement, isRoot: boolean): void => {
    for (const { name, value } of attributes) {
      const prefix = name === 'xmlns' && isRoot ? '' : /^xmlns:(.*)$/.exec(name)?.[1];
      if (prefix !== undefined && !found.has(prefix)) found.set(prefix, unescapeXml(value));
    }
    for (const child of children) if (child.kind === 'element') add(child, false);
  };
  add(root, true);
  return found;
}

interface Places {
  readonly position: ReturnType<typeof lineCounter>;
  readonly root: XmlElement;
}

const kinds: Readonly<Record<number, XmlMatch['kind']>> = {
  [Node.ELEMENT_NODE]: 'element',
  [Node.ATTRIBUTE_NODE]: 'attribute',
  [Node.TEXT_NODE]: 'text',
  [Node.CDATA_SECTION_NODE]: 'text',
  [Node.COMMENT_NODE]: 'comment',
  [Node.PROCESSING_INSTRUCTION_NODE]: 'instruction',
  [Node.DOCUMENT_NODE]: 'document',
};

function matchOf(item: unknown, places: Places | undefined, maxText: number): XmlMatch {
  if (!(item instanceof Node)) return { kind: 'value', path: '', text: valueText(item).slice(0, maxText) };
  const kind = kinds[item.nodeType] ?? 'value';
  const text = kind === 'attribute' ? (item as Attr).value : (item.textContent ?? contentOf(item));
  const found = { kind, path: pathOf(item), text: text.slice(0, maxText) };
  const element = places && kind !== 'document' ? elementOf(item, places.root) : undefined;
  if (!places || !element) return found;
  const { at, end } = element;
  return { ...found, place: { at, end, ...places.position(at) } };
}

function contentOf(document: Node): string {
  return document.childNodes.map(({ textContent }) => textContent ?? '').join('');
}

function valueText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value) ?? '';
  return String(value);
}

/** Returns the steps from the document to `node`, each with its number among the siblings of the same kind and name. */
function pathOf(node: Node): string {
  const steps: string[] = [];
  for (let here: Node | null = node; here && here.nodeType !== Node.DOCUMENT_NODE; here = parentOf(here)) {
    steps.unshift(stepOf(here));
  }
  return `/${steps.join('/')}`;
}

function stepOf(node: Node): string {
  const kind = kinds[node.nodeType];
  if (kind === 'attribute') return `@${node.nodeName}`;
  let number = 1;
  for (let other = node.previousSibling; other; other = other.previousSibling) {
    if (kinds[other.nodeType] === kind && (kind !== 'element' || other.nodeName === node.nodeName)) number += 1;
  }
  const names = { element: node.nodeName, text: 'text()', comment: 'comment()' } as const;
  return `${names[kind as keyof typeof names] ?? 'processing-instruction()'}[${number}]`;
}

/** Returns the element of the tree with places that is, or contains, `node`. */
function elementOf(node: Node, root: XmlElement): XmlElement | undefined {
  const numbers: number[] = [];
  let here: Node | null = node.nodeType === Node.ELEMENT_NODE ? node : parentOf(node);
  for (; here?.parentNode && here.parentNode.nodeType !== Node.DOCUMENT_NODE; here = here.parentNode) {
    let number = 0;
    for (let other = here.previousSibling; other; other = other.previousSibling) {
      if (other.nodeType === Node.ELEMENT_NODE) number += 1;
    }
    numbers.unshift(number);
  }
  let found: XmlElement | undefined = here?.nodeType === Node.ELEMENT_NODE ? root : undefined;
  for (const number of numbers) {
    found = found?.children.filter((child) => child.kind === 'element')[number];
  }
  return found;
}

/** Returns the code and the first sentence of an error of the library, without the listing of the expression. */
function reasonOf({ message }: Error): string {
  return /[A-Z]{4}\d{4}[^\n]*/.exec(message)?.[0] ?? message.split('\n', 1)[0] ?? '';
}
