import { type Checked, maxDepth, positionOf, problemAt } from './problem.ts';
import { scanXml, type XmlToken } from './xml-scan.ts';

/**
 * An XML document with each part's place in the text, `[at, end)`. Entities are never expanded, so that a document can
 * not grow by being read; `unescapeXml` resolves the five of XML itself and character references, for showing.
 */
export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  readonly at: number;
  readonly end: number;
  /** The start tag is `[at, openEnd)`, the end tag `[closeAt, end)`; for `<a/>` both are at `end`. */
  readonly openEnd: number;
  readonly closeAt: number;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}
interface XmlAttribute {
  readonly name: string;
  /** As written between the quotes. */
  readonly value: string;
}
interface XmlLeaf {
  readonly kind: 'text' | 'cdata' | 'comment' | 'instruction' | 'doctype';
  readonly at: number;
  readonly end: number;
}
export type XmlNode = XmlElement | XmlLeaf;

/** All that stands at the top: the declaration, comments, a DOCTYPE and the one root element. */
export interface XmlDocument {
  readonly nodes: readonly XmlNode[];
  readonly root: XmlElement;
}

interface OpenElement {
  readonly token: XmlToken & { kind: 'open' };
  readonly children: XmlNode[];
}

/** Reads `text` as an XML document. Never throws on input; nesting is capped at `deepest`, entities stay as written. */
export function parseXml(text: string, deepest = maxDepth): Checked<XmlDocument> {
  const scanned = scanXml(text, deepest);
  if (!scanned.ok) return scanned;
  const refuse = (at: number, reason: string, length = 1) =>
    ({ ok: false, problem: problemAt(text, at, reason, length) }) as const;
  const top: XmlNode[] = [];
  const stack: OpenElement[] = [];
  let root: XmlElement | undefined;
  for (const token of scanned.value) {
    const into = stack.at(-1)?.children ?? top;
    if (token.kind === 'open') {
      if (stack.length === 0 && root) return refuse(token.at, 'a document has one root element, a second one begins');
      if (stack.length >= deepest) return refuse(token.at, `elements are nested deeper than ${deepest} levels`);
      if (!token.empty) {
        stack.push({ token, children: [] });
        continue;
      }
      const { name, at, end, attributes } = token;
      const element: XmlElement = {
        kind: 'element',
        name,
        at,
        end,
        openEnd: end,
        closeAt: end,
        attributes,
        children: [],
      };
      into.push(element);
      if (stack.length === 0) root = element;
    } else if (token.kind === 'close') {
      const open = stack.pop();
      if (!open) return refuse(token.at, `“</${token.name}>” closes nothing`, token.end - token.at);
      if (open.token.name !== token.name) {
        const { line } = positionOf(text, open.token.at);
        const reason = `“</${token.name}>” where “</${open.token.name}>” is expected (opened in line ${line})`;
        return refuse(token.at, reason, token.end - token.at);
      }
      const { name, at, end: openEnd, attributes } = open.token;
      const { children } = open;
      const element: XmlElement = {
        kind: 'element',
        name,
        at,
        end: token.end,
        openEnd,
        closeAt: token.at,
        attributes,
        children,
      };
      (stack.at(-1)?.children ?? top).push(element);
      if (stack.length === 0) root = element;
    } else {
      const { kind, at, end } = token;
      if (stack.length === 0 && (kind === 'cdata' || (kind === 'text' && text.slice(at, end).trim() !== ''))) {
        const start = at + (text.slice(at, end).length - text.slice(at, end).trimStart().length);
        return refuse(start, root ? 'text follows the root element' : 'text stands before the root element');
      }
      into.push({ kind, at, end });
    }
  }
  const open = stack.at(-1);
  if (open) return refuse(open.token.at, `“<${open.token.name}>” is never closed`, open.token.end - open.token.at);
  if (!root) return refuse(text.length, 'an XML document is expected, there is no element');
  return { ok: true, value: { nodes: top, root } };
}

const blank = /^[ \t\r\n]*$/;

/**
 * `document`, which was parsed from `text`, laid out anew. Only white space between elements changes, and only where an
 * element holds nothing but elements and comments: text is a value and stays as it is, `xml:space="preserve"` is heeded.
 */
export function printXml(
  text: string,
  document: XmlDocument,
  { indent = 2, lineEnd = '\n' }: { readonly indent?: number; readonly lineEnd?: string } = {},
): string {
  const lines: string[] = [];
  const print = (node: XmlNode, depth: number): void => {
    const pad = ' '.repeat(indent * depth);
    if (node.kind !== 'element' || !isStructure(text, node)) {
      lines.push(pad + text.slice(node.at, node.end));
      return;
    }
    lines.push(pad + text.slice(node.at, node.openEnd));
    for (const child of node.children) if (child.kind !== 'text') print(child, depth + 1);
    lines.push(pad + text.slice(node.closeAt, node.end));
  };
  for (const node of document.nodes) if (node.kind !== 'text') print(node, 0);
  return lines.join(lineEnd);
}

/** True where white space inside `element` only lays it out. */
function isStructure(text: string, element: XmlElement): boolean {
  if (element.attributes.some(({ name, value }) => name === 'xml:space' && value === 'preserve')) return false;
  let holdsElement = false;
  for (const child of element.children) {
    if (child.kind === 'cdata') return false;
    if (child.kind === 'text' && !blank.test(text.slice(child.at, child.end))) return false;
    if (child.kind === 'element') holdsElement = true;
  }
  return holdsElement;
}

const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** `text` with XML's own five entities and character references resolved; any other entity stays as written. */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return predefined[name] as string;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
