import type { PathStep, TreeValue } from '#shared/filter/ast.ts';
import { exactNumber } from '#shared/filter/exact-number.ts';
import { jsonStringValue } from '#shared/payload/json.ts';
import type { JsonMember, JsonNode } from '#shared/payload/json-node.ts';
import { unescapeXml, type XmlDocument, type XmlElement, type XmlNode } from '#shared/payload/xml.ts';

type TreeKind = 'branch' | 'string' | 'number' | 'word' | 'text' | 'comment';

/** The children of a node, in order; the first `limit` of them where that is given. */
type TreeChildren = (limit?: number) => readonly TreeNode[];

/** One node of a message as a tree, whatever its format. Children are made when they are asked for, and kept. */
export interface TreeNode {
  /** Unique in the tree, and the way to the node: `$.user.name`, `/order/item[2]/@sku`. */
  readonly path: string;
  readonly label: string;
  readonly kind: TreeKind;
  /** A leaf's value, its escapes decoded, a string of JSON in quotes; what a branch holds, in words. */
  readonly text: string;
  /** The value as it is copied. */
  readonly value: () => string;
  /** The node's own source, to be used as a payload. */
  readonly source: () => string;
  readonly children: TreeChildren | undefined;
  readonly childCount: number;
  /** How a filter asks for this place; undefined where it has no words for it (a comment, say). */
  readonly place: TreePlace | undefined;
}

/** A place in a message and, of a leaf, the value there, as filters have them. */
export interface TreePlace {
  readonly format: 'json' | 'xml';
  readonly steps: readonly PathStep[];
  readonly value: TreeValue | undefined;
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** The tree of a JSON text. */
export function jsonTree(text: string, root: JsonNode): TreeNode {
  return jsonNode(text, root, { path: '$', label: '$', steps: [] });
}

interface Way {
  readonly path: string;
  readonly label: string;
  readonly steps: readonly PathStep[];
}

function jsonNode(document: string, node: JsonNode, { path, label, steps }: Way): TreeNode {
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
      // A key that comes twice is a fault of the sender; both values are shown, told apart by a mark.
      const mark = count > 1 ? `#${count}` : '';
      const step = identifier.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
      return jsonNode(document, value, {
        path: `${path}${step}${mark}`,
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
  const kind = node.kind === 'string' ? 'string' : node.kind === 'number' ? 'number' : 'word';
  const value = node.kind === 'string' ? () => jsonStringValue(source()) : source;
  const meant = node.kind === 'string' ? value() : node.kind === 'number' ? exactNumber(source()) : wordOf(source());
  const text = node.kind === 'string' ? `"${value()}"` : source();
  return { path, label, kind, text, value, source, children: undefined, childCount: 0, place: place(meant) };
}

/** `count` children of which `make` makes one after the other, none before it is asked for and none twice. */
function lazily(count: number, make: (index: number) => TreeNode): TreeChildren {
  const made: TreeNode[] = [];
  return (limit = count) => {
    const end = Math.min(limit, count);
    while (made.length < end) made.push(make(made.length));
    return made.length > end ? made.slice(0, end) : made;
  };
}

function wordOf(source: string): boolean | null {
  return source === 'null' ? null : source === 'true';
}

/** The tree of an XML document: its elements, attributes, text and comments. */
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

/** Makes the node of each of `nodes`; to be called for one after the other. */
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
