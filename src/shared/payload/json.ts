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

/** Returns the text of a JSON string literal (with its quotes), which must come from a parsed text. */
export function jsonStringValue(literal: string): string {
  return JSON.parse(literal) as string;
}
