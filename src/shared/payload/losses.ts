import { jsonStringValue } from './json.ts';
import type { JsonMember, JsonNode } from './json-syntax.ts';
import { type Checked, maxElementDepth, placeProblems } from './problem.ts';
import { scanXml, type XmlToken } from './xml-scan.ts';

/** What a conversion can lose, and the sentence about it. */
const sentences = {
  comments: 'Comments are removed',
  instructions: 'Processing instructions are removed',
  declaration: 'The XML declaration is removed',
  cdata: 'CDATA sections become plain text',
  mixed: 'Mixed content: the order of text and elements is lost',
  order: 'Repeated elements are grouped: their order among other elements is lost',
  space: 'White space around text is removed',
  null: '`null` becomes an empty element',
  types: 'Numbers, `true` and `false` become text',
  empty: 'Empty arrays are removed, and empty objects become empty elements',
  duplicates: 'Of duplicate keys, only the last value is kept',
  anchors: 'Aliases are replaced by copies of their values',
  tags: 'Tags are removed',
  directives: 'Directives are removed',
  notation: 'Numbers in a notation without a counterpart are written as decimal numbers',
  keys: 'Keys that are not text become text',
  merge: 'The merge key `<<` is kept as an ordinary key',
  exponent: 'Numbers with an exponent: YAML 1.1 programs read some of them as text',
  surrogates: 'Half of a surrogate pair: other programs refuse it',
} as const;

type LossKind = keyof typeof sentences;

/** What a conversion loses: the sentence, how often, and the first place, from 1. */
export interface Loss {
  readonly kind: LossKind;
  readonly message: string;
  readonly count: number;
  readonly line: number;
  readonly column: number;
}

/** Collects losses of one document. */
export class Losses {
  readonly #found = new Map<LossKind, { at: number; count: number }>();

  add(kind: LossKind, at: number): void {
    const found = this.#found.get(kind);
    if (!found) this.#found.set(kind, { at, count: 1 });
    else {
      found.count += 1;
      found.at = Math.min(found.at, at);
    }
  }

  /** Returns the losses in the order of their first places in `text`. */
  list(text: string): readonly Loss[] {
    const severity = 'warning' as const;
    const mistakes = [...this.#found].map(([kind, { at, count }]) => {
      return { kind, at, count, length: 1, severity, message: sentences[kind] };
    });
    return placeProblems(text, mistakes).map(({ kind, message, count, line, column }) => {
      return { kind, message, count, line, column };
    });
  }
}

/**
 * Adds what the conversion of the JSON value `root` of `text` loses: to XML, or to YAML. `at`: the place for all losses, if `text` is not
 * the original document.
 */
export function addJsonLosses(
  losses: Losses,
  text: string,
  root: JsonNode,
  { to, at: place }: { readonly to: 'xml' | 'yaml'; readonly at: number | undefined },
): void {
  const lose = (kind: LossKind, at: number) => losses.add(kind, place ?? at);
  const addScalar = (node: JsonNode, source: string) => {
    if (to === 'xml') {
      if (node.kind === 'null') lose('null', node.at);
      else if (node.kind !== 'string') lose('types', node.at);
    } else if (node.kind === 'number' && isTextInYaml11(source)) lose('exponent', node.at);
    else if (node.kind === 'string' && !jsonStringValue(source).isWellFormed()) lose('surrogates', node.at);
  };
  const addKeys = (members: readonly JsonMember[]) => {
    const keys = new Set<string>();
    for (const { keyAt, keyEnd } of members) {
      const key = jsonStringValue(text.slice(keyAt, keyEnd));
      if (keys.has(key)) lose('duplicates', keyAt);
      keys.add(key);
      if (to === 'yaml' && !key.isWellFormed()) lose('surrogates', keyAt);
    }
  };
  const add = (node: JsonNode): void => {
    if (node.kind !== 'object' && node.kind !== 'array') {
      addScalar(node, text.slice(node.at, node.end));
      return;
    }
    if (node.kind === 'object') addKeys(node.members);
    const values = node.kind === 'object' ? node.members.map(({ value }) => value) : node.items;
    if (to === 'xml' && values.length === 0) lose('empty', node.at);
    for (const value of values) add(value);
  };
  add(root);
}

/** YAML 1.1 wants a point in a number with an exponent, and a sign in the exponent. */
function isTextInYaml11(number: string): boolean {
  return /e/i.test(number) && !/\.\d*e[+-]/i.test(number);
}

interface Open {
  /** The names of the children, in the order of their first occurrence. */
  readonly names: Set<string>;
  last: string | undefined;
  textAt: number | undefined;
}

/** Adds what the conversion of a well-formed XML document to an object loses. The problem is that of the scan. */
export function addXmlLosses(losses: Losses, text: string): Checked<undefined> {
  const scanned = scanXml(text, maxElementDepth);
  if (!scanned.ok) return scanned;
  const stack: Open[] = [];
  for (const token of scanned.value) {
    const parent = stack.at(-1);
    addMarkup(losses, text, token);
    if (token.kind === 'open') {
      if (parent) addChild(losses, parent, token.name, token.at);
      if (!token.empty) stack.push({ names: new Set(), last: undefined, textAt: undefined });
    } else if (token.kind === 'close') {
      const closed = stack.pop();
      if (closed?.textAt !== undefined && closed.names.size > 0) losses.add('mixed', closed.textAt);
    } else if (parent && (token.kind === 'text' || token.kind === 'cdata')) addText(losses, text, parent, token);
  }
  return { ok: true, value: undefined };
}

function addText(losses: Losses, text: string, parent: Open, { kind, at, end }: XmlToken): void {
  const part = text.slice(at, end);
  const trimmed = part.trim();
  if (trimmed === '') return;
  parent.textAt ??= at;
  if (kind === 'text' && trimmed !== part) losses.add('space', at);
}

function addMarkup(losses: Losses, text: string, { kind, at }: XmlToken): void {
  if (kind === 'comment') losses.add('comments', at);
  else if (kind === 'cdata') losses.add('cdata', at);
  else if (kind === 'instruction')
    losses.add(/^<\?xml\s/.test(text.slice(at, at + 6)) ? 'declaration' : 'instructions', at);
}

function addChild(losses: Losses, parent: Open, name: string, at: number): void {
  if (parent.names.has(name) && parent.last !== name) losses.add('order', at);
  parent.names.add(name);
  parent.last = name;
}

/** Maximum length of the result of a conversion, in UTF-16 units. */
const maxConverted = 64 * 1_048_576;

/** Collects the parts of a text up to the maximum length of a converted document. */
export class ConvertedText {
  readonly #parts: string[] = [];
  #length = 0;

  /** Adds a part; returns false at the maximum length. */
  push(part: string): boolean {
    this.#length += part.length;
    if (this.#length > maxConverted) return false;
    this.#parts.push(part);
    return true;
  }

  toString(): string {
    return this.#parts.join('');
  }
}
