import {
  Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  type ToStringOptions,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { keyOf, type YamlMap, type YamlTree, type YamlValue, yamlOptions } from './yaml-text.ts';

/*
 * Writes YAML. A new document is in block style; an existing one is edited where its data changed, so that comments, the order
 * of keys, keys that Wirebench does not know, and the spelling of all other values survive.
 */

/** Words that are not text to a reader of YAML 1.1, such as those of many languages: new texts of this kind are quoted. */
const otherInYaml11 =
  /^(?:y|n|yes|no|on|off|true|false|null|~|[-+]?0[0-7_]+|[-+]?0b[01_]+|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|[-+]?[\d_]*\.?[\d_]+|\d{4}-\d\d?-\d\d?.*|<<|=)$/i;

const layout: ToStringOptions = { lineWidth: 0 };

/** Returns `value` as a new document; `comment` is its first line, without `#`. */
export function newYaml(value: YamlMap, comment: string): string {
  const document = new Document(undefined, yamlOptions);
  const contents = nodeOf(document, value);
  document.contents = contents as typeof document.contents;
  if (isMap(contents) && contents.items.length === 0) return `#${comment}\n`;
  return `#${comment}\n${document.toString(layout)}`;
}

/**
 * Returns the text of `tree` with the changes from `before` to `after`. Keys of the text that are in neither stay where they are; a
 * key of `before` that is not in `after` is removed. Changes the nodes of `tree`: parse the text again before another edit.
 */
export function editYaml(tree: YamlTree, before: YamlMap, after: YamlMap): string {
  if (isSame(before, after)) return tree.text;
  const { document, text } = tree;
  const style = styleOf(tree);
  if (isMap(document.contents)) changeMap(document, document.contents, before, after);
  else {
    const { comment, commentBefore } = document;
    document.contents = nodeOf(document, after) as typeof document.contents;
    // The package keeps the comments of an empty document in two places.
    document.commentBefore = joined(commentBefore, comment);
    document.comment = null;
  }
  joinLastComment(tree);
  const edited = document.toString(style);
  const mark = text.startsWith('\ufeff') && !edited.startsWith('\ufeff') ? '\ufeff' : '';
  return mark + (/^[^\n]*\r\n/.test(text) ? edited.replaceAll(/\r?\n/g, '\r\n') : edited);
}

/** Keeps a comment at the end next to the last value: the package would set it apart by a blank line. */
function joinLastComment({ text, document }: YamlTree): void {
  const { comment, contents } = document;
  if (comment == null || !isMap(contents)) return;
  const at = text.lastIndexOf(`#${comment.split('\n', 1)[0]}`);
  if (/\n[ \t\r]*\n[ \t]*$/.test(text.slice(Math.max(0, at - 1_024), at))) return;
  contents.comment = joined(contents.comment, comment);
  document.comment = null;
}

function joined(...comments: readonly (string | null | undefined)[]): string | null {
  const present = comments.filter((one) => one != null);
  return present.length === 0 ? null : present.join('\n');
}

/** Determines how the author of a document indents. */
function styleOf({ text, document }: YamlTree): ToStringOptions {
  const columnOf = (offset: number) => offset - text.lastIndexOf('\n', offset - 1) - 1;
  let indent: number | undefined;
  let indentSeq: boolean | undefined;
  let padding: boolean | undefined;
  visit(document, {
    Pair(_, { key, value }) {
      if (!isNode(key) || !key.range || !isCollection(value) || !value.range || value.flow) return;
      const deeper = columnOf(value.range[0]) - columnOf(key.range[0]);
      if (isSeq(value)) indentSeq ??= deeper > 0;
      if (deeper > 0) indent ??= deeper;
    },
    Collection(_, { flow, range, items }) {
      if (flow && range && items.length > 0) padding ??= /\s/.test(text[range[0] + 1] ?? '');
    },
  });
  return {
    ...layout,
    indent: Math.min(indent ?? 2, 16),
    indentSeq: indentSeq ?? true,
    flowCollectionPadding: padding ?? true,
  };
}

/** Creates the nodes of new values. */
function nodeOf(document: Document, value: YamlValue): Node {
  const node = document.createNode(value, { aliasDuplicateObjects: false }) as Node;
  visit(node, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string') quoteWhereNeeded(scalar, scalar.value);
    },
    Map(_, map) {
      // A reference: “{ secret: NAME }”.
      const [only, more] = map.items;
      if (more === undefined && isPair(only) && isScalar(only.value) && isReferenceKey(only.key)) map.flow = true;
    },
  });
  return node;
}

function isReferenceKey(key: unknown): boolean {
  return isScalar(key) && (key.value === 'secret' || key.value === 'local');
}

function quoteWhereNeeded(scalar: Scalar, text: string): void {
  // A block of text cannot hold each text: one of blanks only, or with a carriage return, is quoted.
  if (otherInYaml11.test(text) || /\n\s*$|^\s|\r/.test(text)) scalar.type = Scalar.QUOTE_DOUBLE;
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && keyOf(key) === name);
}

function changeMap(document: Document, map: YAMLMap, before: YamlMap, after: YamlMap): void {
  for (const [name, value] of Object.entries(before)) {
    if (!Object.hasOwn(after, name)) removeKey(map, name, value);
  }
  let last: Pair | undefined;
  for (const [name, value] of Object.entries(after)) {
    const pair = pairOf(map, name);
    const earlier = Object.hasOwn(before, name) ? before[name] : undefined;
    const isChanged = earlier === undefined || !isSame(earlier, value);
    if (pair) last = pair;
    if (pair && isChanged) pair.value = changedNode(document, pair.value, earlier, value);
    // What is not written although it has a value is a default that the author left out.
    if (pair || !isChanged) continue;
    const added = document.createPair(name, null) as Pair;
    added.value = nodeOf(document, value);
    if (map.items.length === 0) map.flow = false;
    // Next to the key that it follows in a new document; where that is missing, at the end.
    map.items.splice(last ? map.items.indexOf(last) + 1 : map.items.length, 0, added as never);
    last = added;
  }
}

/** Returns the node that takes the place of `node`: the same one where its data can be changed inside it. */
function changedNode(document: Document, node: unknown, before: YamlValue | undefined, after: YamlValue): unknown {
  if (isMap(node) && isYamlMap(after)) {
    changeMap(document, node, isYamlMap(before) ? before : {}, after);
    return node;
  }
  if (isSeq(node) && isList(before) && isList(after) && node.items.length === before.length) {
    changeList(document, node, before, after);
    return node;
  }
  const created = nodeOf(document, after);
  if (!isNode(node)) return created;
  if (isScalar(node) && isScalar(created)) {
    const isQuoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
    if (isQuoted && typeof after === 'string' && !created.type) created.type = node.type as Scalar.Type;
  }
  created.commentBefore = node.commentBefore ?? null;
  // A comment after a value cannot follow a block: it moves before it.
  if (node.comment != null) {
    if (isCollection(created) && !created.flow) created.commentBefore = joined(node.commentBefore, node.comment);
    else created.comment = node.comment;
  }
  if (node.spaceBefore) created.spaceBefore = true;
  return created;
}

/** Removes a key. A comment above it stays, since it may belong to more than the key; one after its value is removed. */
function removeKey(map: YAMLMap, name: string, value: YamlValue): void {
  const pair = pairOf(map, name);
  if (!pair) return;
  if (isMap(pair.value) && isYamlMap(value)) {
    for (const [inner, one] of Object.entries(value)) removeKey(pair.value, inner, one);
    // What is left are keys that Wirebench does not know.
    if (pair.value.items.length > 0) return;
  }
  const at = map.items.indexOf(pair as never);
  map.items.splice(at, 1);
  const comment = isNode(pair.key) ? pair.key.commentBefore : undefined;
  if (comment == null) return;
  const next = map.items[at]?.key;
  if (isNode(next)) next.commentBefore = joined(comment, next.commentBefore);
  else map.comment = joined(comment, map.comment);
}

/** Changes a list: items that moved keep their nodes, and an item between two that stayed is changed in its place. */
function changeList(document: Document, seq: YAMLSeq, before: readonly YamlValue[], after: readonly YamlValue[]): void {
  const free = new Map<string, number[]>();
  const fingerprints = before.map(fingerprint);
  for (const [index, print] of fingerprints.entries()) free.set(print, [...(free.get(print) ?? []), index]);
  const sources = after.map((value, index) => {
    const print = fingerprint(value);
    const same = fingerprints[index] === print ? index : undefined;
    const known = free.get(print);
    if (!known || known.length === 0) return undefined;
    const at = same !== undefined && known.includes(same) ? known.indexOf(same) : 0;
    return known.splice(at, 1)[0];
  });
  const left = [...free.values()].flat().sort((one, other) => one - other);
  const nodes = [...seq.items];
  seq.items = after.map((value, index) => {
    const source = sources[index] ?? takeChanged(left, index, before, after);
    if (source === undefined) return nodeOf(document, value);
    return sources[index] === undefined ? changedNode(document, nodes[source], before[source], value) : nodes[source];
  });
  if (seq.items.length > 0 && nodes.length === 0) seq.flow = false;
  const [first] = nodes;
  // The package gives a comment above the first item to the list: it belongs to the item if that moved.
  if (isNode(first) && seq.commentBefore != null && seq.items.indexOf(first) > 0) {
    first.commentBefore = joined(seq.commentBefore, first.commentBefore);
    seq.commentBefore = null;
  }
}

/** Takes the old item that became the new one at `index`: the one in its place, or in a longer or shorter list the next that is like it. */
function takeChanged(
  left: number[],
  index: number,
  before: readonly YamlValue[],
  after: readonly YamlValue[],
): number | undefined {
  const isSameLength = before.length === after.length;
  const value = after[index] ?? null;
  const found = isSameLength ? left.indexOf(index) : left.findIndex((old) => isLike(before[old] ?? null, value));
  const at = found < 0 && isSameLength ? 0 : found;
  return at < 0 ? undefined : left.splice(at, 1)[0];
}

/** Returns whether one value may be the other one after a change: groups share a value. */
function isLike(one: YamlValue, other: YamlValue): boolean {
  if (!isYamlMap(one) || !isYamlMap(other)) return !isYamlMap(one) && !isYamlMap(other);
  return Object.entries(one).some(([key, value]) => Object.hasOwn(other, key) && isSame(value, other[key] ?? null));
}

function isList(value: unknown): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Returns true for a map. */
export function isYamlMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a text that is the same for the same data in any order of its keys. */
function fingerprint(value: YamlValue): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return `\u0000${one}`;
    if (!isYamlMap(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([first], [second]) => (first < second ? -1 : 1)));
  });
}

function isSame(one: YamlValue, other: YamlValue): boolean {
  return fingerprint(one) === fingerprint(other);
}
