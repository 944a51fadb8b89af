import type { PathStep, TreeValue } from '#shared/filter/ast.ts';
import { exactNumber } from '#shared/filter/exact-number.ts';
import { jsonStringValue } from '#shared/payload/json.ts';
import type { JsonMember, JsonNode } from '#shared/payload/json-syntax.ts';
import { unescapeXml, type XmlDocument, type XmlElement, type XmlNode } from '#shared/payload/xml.ts';

type TreeKind = 'branch' | 'string' | 'number' | 'literal' | 'text' | 'comment';

/** Returns the children of a node, in order; with `limit`, only the first ones. */
type TreeChildren = (limit?: number) => readonly TreeNode[];

/** A node of a JSON or XML message. Children are created on demand, and cached. */
export interface TreeNode {
  /** Path of the node, unique in the tree: `$.user.name`, `/order/item[2]/@sku`. */
  readonly path: string;
  readonly label: string;
  readonly kind: TreeKind;
  /** Value of a leaf with escapes decoded, JSON strings in quotes; summary of a branch. */
  readonly text: string;
  /** Returns the value for the clipboard. */
  readonly value: () => string;
  /** Returns the source of the node, for use as a payload. */
  readonly source: () => string;
  readonly children: TreeChildren | undefined;
  readonly childCount: number;
  /** Path and value for a filter; undefined if filters cannot express it (such as a comment). */
  readonly place: TreePlace | undefined;
}

/** A path in a message and, for a leaf, its value, as filters use them. */
export interface TreePlace {
  readonly format: 'json' | 'xml';
  readonly steps: readonly PathStep[];
  readonly value: TreeValue | undefined;
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** Returns the tree of a JSON text. */
export function jsonTree(text: string, root: JsonNode): TreeNode {
  return jsonNode(text, root, { path: '$', label: '$', steps: [] });
}

interface NodePath {
  readonly path: string;
  readonly label: string;
  readonly steps: readonly PathStep[];
}

function jsonNode(document: string, node: JsonNode, { path, label, steps }: NodePath): TreeNode {
  const place = (value: TreeValue | undefined): TreePlace => ({ format: 'json', steps, value });
  const source = () => document.slice(node.at, node.end);
  const branch = (count: number, text: string, make: (index: number) => TreeNode): TreeNode => ({
    path,
    label,
    kind: 'branch',
    text,
    value: source,
    source,
    children: count > 0 ? lazily(count, make) : undefined,
    childCount: count,
    place: place(undefined),
  });
  if (node.kind === 'object') {
    const { members } = node;
    const seen = new Map<string, number>();
    return branch(members.length, `{ ${members.length} }`, (index) => {
      const { keyAt, keyEnd, value } = members[index] as JsonMember;
      const key = jsonStringValue(document.slice(keyAt, keyEnd));
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      // The sender may repeat a key: a suffix distinguishes the values.
      const suffix = count > 1 ? `#${count}` : '';
      const step = identifier.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      return jsonNode(document, value, {
        path: `${path}${step}${suffix}`,
        label: key,
        steps: [...steps, { kind: 'key', name: key }],
      });
    });
  }
  if (node.kind === 'array') {
    const { items } = node;
    return branch(items.length, `[ ${items.length} ]`, (index) =>
      jsonNode(document, items[index] as JsonNode, {
        path: `${path}[${index}]`,
        label: String(index),
        steps: [...steps, { kind: 'index', index }],
      }),
    );
  }
  const kind = node.kind === 'string' ? 'string' : node.kind === 'number' ? 'number' : 'literal';
  const value = node.kind === 'string' ? () => jsonStringValue(source()) : source;
  const decoded =
    node.kind === 'string' ? value() : node.kind === 'number' ? exactNumber(source()) : literalOf(source());
  const text = node.kind === 'string' ? `"${value()}"` : source();
  return { path, label, kind, text, value, source, children: undefined, childCount: 0, place: place(decoded) };
}

/** Returns `count` children that `make` creates in order, each once and on demand. */
function lazily(count: number, make: (index: number) => TreeNode): TreeChildren {
  const nodes: TreeNode[] = [];
  return (limit = count) => {
    const end = Math.min(limit, count);
    while (nodes.length < end) nodes.push(make(nodes.length));
    return nodes.length > end ? nodes.slice(0, end) : nodes;
  };
}

function literalOf(source: string): boolean | null {
  return source === 'null' ? null : source === 'true';
}

/** Returns the tree of an XML document: its elements, attributes, text and comments. */
export function xmlTree(text: string, document: XmlDocument): TreeNode {
  const { name } = document.root;
  return xmlElement(text, document.root, `/${name}`, [{ kind: 'key', name }]);
}

function xmlElement(text: string, element: XmlElement, path: string, steps: readonly PathStep[]): TreeNode {
  const source = () => text.slice(element.at, element.end);
  const own = (node: XmlNode) => text.slice(node.at, node.end);
  const inside = element.children.filter((node) => node.kind !== 'text' || own(node).trim() !== '');
  const [only] = inside;
  const isValue = inside.length === 1 && only !== undefined && (only.kind === 'text' || only.kind === 'cdata');
  const leaf = isValue ? contentOf(text, only) : '';
  const childCount = element.attributes.length + inside.length;
  const hasChildren = element.attributes.length > 0 || (inside.length > 0 && !isValue);
  const { attributes } = element;
  let childAt: ((index: number) => TreeNode) | undefined;
  const make = (index: number): TreeNode => {
    const attribute = attributes[index];
    if (attribute) return xmlAttribute(attribute, path, steps);
    if (isValue) return xmlLeaf(text, only, `${path}/text()`);
    childAt ??= xmlChildren(text, inside, path, steps);
    return childAt(index - attributes.length);
  };
  return {
    path,
    label: element.name,
    kind: isValue && !hasChildren ? 'text' : 'branch',
    text: isValue ? leaf.trim() : hasChildren ? `< ${childCount} >` : '',
    value: isValue ? () => leaf : source,
    source,
    children: hasChildren ? lazily(childCount, make) : undefined,
    childCount: hasChildren ? childCount : 0,
    place: { format: 'xml', steps, value: isValue ? leaf.trim() : undefined },
  };
}

function xmlAttribute(
  { name, value }: XmlElement['attributes'][number],
  path: string,
  steps: readonly PathStep[],
): TreeNode {
  const plain = () => unescapeXml(value);
  return {
    path: `${path}/@${name}`,
    label: `@${name}`,
    kind: 'string',
    text: plain(),
    value: plain,
    source: plain,
    children: undefined,
    childCount: 0,
    place: { format: 'xml', steps: [...steps, { kind: 'key', name: `@${name}` }], value: plain() },
  };
}

/** Returns a function that creates the node of each of `nodes`. It must be called in order. */
function xmlChildren(
  text: string,
  nodes: readonly XmlNode[],
  path: string,
  steps: readonly PathStep[],
): (index: number) => TreeNode {
  const names = new Map<string, number>();
  for (const node of nodes) if (node.kind === 'element') names.set(node.name, (names.get(node.name) ?? 0) + 1);
  const counts = new Map<string, number>();
  return (index) => {
    const node = nodes[index] as XmlNode;
    if (node.kind !== 'element') return xmlLeaf(text, node, `${path}/node()[${index + 1}]`);
    const count = (counts.get(node.name) ?? 0) + 1;
    counts.set(node.name, count);
    const isOneOfMany = (names.get(node.name) ?? 0) > 1;
    // XPath counts from 1, filters from 0.
    const nth: PathStep[] = isOneOfMany ? [{ kind: 'index', index: count - 1 }] : [];
    const to: PathStep[] = [...steps, { kind: 'key', name: node.name }, ...nth];
    return xmlElement(text, node, `${path}/${node.name}${isOneOfMany ? `[${count}]` : ''}`, to);
  };
}

function xmlLeaf(text: string, node: XmlNode, path: string): TreeNode {
  const content = contentOf(text, node);
  const isComment = node.kind === 'comment' || node.kind === 'instruction' || node.kind === 'doctype';
  return {
    path,
    label: isComment ? node.kind : 'text',
    kind: isComment ? 'comment' : 'text',
    text: content.trim(),
    value: () => content,
    source: () => text.slice(node.at, node.end),
    children: undefined,
    childCount: 0,
    place: undefined,
  };
}

function contentOf(text: string, node: XmlNode): string {
  const own = text.slice(node.at, node.end);
  if (node.kind === 'text') return unescapeXml(own);
  return node.kind === 'cdata' ? own.slice('<![CDATA['.length, -']]>'.length) : own;
}
