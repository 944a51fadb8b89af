import { JsonReader } from './json-reader.ts';
import type { JsonNode } from './json-syntax.ts';
import { type Checked, Malformed, type Mistake, problemAt } from './problem.ts';

/**
 * Parses `text` as one JSON value (RFC 8259), optionally after a byte order mark. Never throws on input; the depth is limited to
 * `maxDepth`.
 */
export function parseJson(text: string): Checked<JsonNode> {
  const stop = (mistake: Mistake): never => {
    throw new Malformed(mistake);
  };
  try {
    return { ok: true, value: new JsonReader(text, stop).document() };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { at, message, length } = error.mistake;
    return { ok: false, problem: problemAt(text, at, message, length) };
  }
}

/** Formats `root`, which was parsed from `text`. Every key, string and number stays exactly as written. */
export function printJson(text: string, root: JsonNode, indent = 2): string {
  const printer = new JsonPrinter(text, indent);
  printer.print(root, 0);
  return printer.parts.join('');
}

class JsonPrinter {
  readonly parts: string[] = [];
  readonly #text: string;
  readonly #indent: number;
  readonly #colon: string;

  constructor(text: string, indent: number) {
    this.#text = text;
    this.#indent = indent;
    this.#colon = indent > 0 ? ': ' : ':';
  }

  print(node: JsonNode, depth: number): void {
    if (node.kind === 'object') {
      this.parts.push('{');
      let separator = '';
      for (const { keyAt, keyEnd, value } of node.members) {
        this.#separate(separator, depth + 1);
        separator = ',';
        this.parts.push(this.#text.slice(keyAt, keyEnd), this.#colon);
        this.print(value, depth + 1);
      }
      this.#close('}', node.members.length, depth);
    } else if (node.kind === 'array') {
      this.parts.push('[');
      let separator = '';
      for (const item of node.items) {
        this.#separate(separator, depth + 1);
        separator = ',';
        this.print(item, depth + 1);
      }
      this.#close(']', node.items.length, depth);
    } else {
      this.parts.push(this.#text.slice(node.at, node.end));
    }
  }

  #separate(separator: string, depth: number): void {
    this.parts.push(separator);
    this.#breakLine(depth);
  }

  #close(bracket: string, count: number, depth: number): void {
    if (count > 0) this.#breakLine(depth);
    this.parts.push(bracket);
  }

  #breakLine(depth: number): void {
    if (this.#indent > 0) this.parts.push(`\n${' '.repeat(this.#indent * depth)}`);
  }
}

/**
 * Sorts the members of every object of `root`, which was parsed from `text`, by the code units of their keys. The layout, every key,
 * string and number stay exactly as written; members with the same key keep their order.
 */
export function sortJsonKeys(text: string, root: JsonNode): string {
  return text.slice(0, root.at) + sortedValue(text, root) + text.slice(root.end);
}

function sortedValue(text: string, node: JsonNode): string {
  if (node.kind !== 'object' && node.kind !== 'array') return text.slice(node.at, node.end);
  const slots =
    node.kind === 'array' ? node.items : node.members.map(({ keyAt, value }) => ({ at: keyAt, end: value.end }));
  const values = node.kind === 'array' ? node.items.map((item) => sortedValue(text, item)) : sortedMembers(text, node);
  const parts: string[] = [];
  let from = node.at;
  for (const [index, { at, end }] of slots.entries()) {
    parts.push(text.slice(from, at), values[index] as string);
    from = end;
  }
  return parts.join('') + text.slice(from, node.end);
}

function sortedMembers(text: string, { members }: JsonNode & { readonly kind: 'object' }): string[] {
  const keyed = members.map(({ keyAt, keyEnd, value }) => ({
    key: jsonStringValue(text.slice(keyAt, keyEnd)),
    source: text.slice(keyAt, value.at) + sortedValue(text, value),
  }));
  return keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0)).map((it) => it.source);
}

/** Returns the text of a JSON string literal (with its quotes), which must come from a parsed text. */
export function jsonStringValue(literal: string): string {
  return JSON.parse(literal) as string;
}
