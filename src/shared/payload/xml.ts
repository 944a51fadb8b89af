import { type Checked, maxDepth, positionOf, problemAt } from './problem.ts';
import { scanXml, type XmlToken } from './xml-scan.ts';

/**
 * An XML document with the place of each part in the text, `[at, end)`. Entities are never expanded, so that parsing cannot make a document
 * grow; `unescapeXml` resolves predefined entities and character references for display.
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

/** The top level: the declaration, comments, a DOCTYPE and the one root element. */
export interface XmlDocument {
  readonly nodes: readonly XmlNode[];
  readonly root: XmlElement;
}

type OpenToken = XmlToken & { readonly kind: 'open' };

interface OpenElement {
  readonly token: OpenToken;
  readonly children: XmlNode[];
}

/** Parses `text` as an XML document. Never throws on input; the depth is limited to `deepest`, entities stay as written. */
export function parseXml(text: string, deepest = maxDepth): Checked<XmlDocument> {
  const scanned = scanXml(text, deepest);
  if (!scanned.ok) return scanned;
  const builder = new TreeBuilder(text, deepest);
  for (const token of scanned.value) {
    const refused = builder.add(token);
    if (refused) return refused;
  }
  return builder.end();
}

type Refused = Checked<never> & { readonly ok: false };

/** Builds the tree of a document from its tokens. */
class TreeBuilder {
  readonly #text: string;
  readonly #deepest: number;
  readonly #top: XmlNode[] = [];
  readonly #stack: OpenElement[] = [];
  #root: XmlElement | undefined;

  constructor(text: string, deepest: number) {
    this.#text = text;
    this.#deepest = deepest;
  }

  /** Adds the next token; returns why it is not allowed, if it is not. */
  add(token: XmlToken): Refused | undefined {
    if (token.kind === 'open') return this.#open(token);
    if (token.kind === 'close') return this.#close(token);
    const { kind, at, end } = token;
    if (this.#stack.length === 0 && (kind === 'cdata' || kind === 'text')) {
      const part = this.#text.slice(at, end);
      if (kind === 'cdata' || part.trim() !== '') {
        const start = at + (part.length - part.trimStart().length);
        return this.#refuse(start, this.#root ? 'text follows the root element' : 'text is before the root element');
      }
    }
    this.#siblings().push({ kind, at, end });
    return undefined;
  }

  /** Returns the document, or why it is incomplete. */
  end(): Checked<XmlDocument> {
    const open = this.#stack.at(-1)?.token;
    if (open) return this.#refuse(open.at, `“<${open.name}>” is never closed`, open.end - open.at);
    if (!this.#root) return this.#refuse(this.#text.length, 'missing root element');
    return { ok: true, value: { nodes: this.#top, root: this.#root } };
  }

  #open(token: OpenToken): Refused | undefined {
    const depth = this.#stack.length;
    if (depth === 0 && this.#root) return this.#refuse(token.at, 'second root element: a document has only one');
    if (depth >= this.#deepest)
      return this.#refuse(token.at, `elements are nested deeper than ${this.#deepest} levels`);
    if (token.empty) this.#append(token, [], token.end, token.end);
    else this.#stack.push({ token, children: [] });
    return undefined;
  }

  #close({ name, at, end }: XmlToken & { readonly kind: 'close' }): Refused | undefined {
    const open = this.#stack.pop();
    if (!open) return this.#refuse(at, `“</${name}>” closes nothing`, end - at);
    if (open.token.name !== name) {
      const { line } = positionOf(this.#text, open.token.at);
      const reason = `“</${name}>” where “</${open.token.name}>” is expected (opened in line ${line})`;
      return this.#refuse(at, reason, end - at);
    }
    this.#append(open.token, open.children, at, end);
    return undefined;
  }

  #append({ name, at, end: openEnd, attributes }: OpenToken, children: XmlNode[], closeAt: number, end: number): void {
    const element: XmlElement = { kind: 'element', name, at, end, openEnd, closeAt, attributes, children };
    this.#siblings().push(element);
    if (this.#stack.length === 0) this.#root = element;
  }

  #siblings(): XmlNode[] {
    return this.#stack.at(-1)?.children ?? this.#top;
  }

  #refuse(at: number, reason: string, length = 1): Refused {
    return { ok: false, problem: problemAt(this.#text, at, reason, length) };
  }
}

const blank = /^[ \t\r\n]*$/;

/**
 * Formats `document`, which was parsed from `text`. Only white space between elements changes, and only in an element that contains nothing
 * but elements and comments: text is a value and is unchanged, and `xml:space="preserve"` is respected.
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

/** Returns true if white space inside `element` is only layout. */
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

/** Resolves the predefined entities and character references of `text`; other entities stay as written. */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return predefined[name] as string;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
