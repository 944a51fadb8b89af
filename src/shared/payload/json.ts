import type { JsonMember, JsonNode } from './json-node.ts';
import { JsonReader } from './json-reader.ts';
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
  const parts: string[] = [];
  const print = (node: JsonNode, depth: number): void => {
    if (node.kind !== 'object' && node.kind !== 'array') {
      parts.push(text.slice(node.at, node.end));
      return;
    }
    const [open, close] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
    const count = node.kind === 'object' ? node.members.length : node.items.length;
    parts.push(open);
    for (let index = 0; index < count; index += 1) {
      parts.push(index > 0 ? ',' : '', indent > 0 ? `\n${' '.repeat(indent * (depth + 1))}` : '');
      if (node.kind === 'object') {
        const member = node.members[index] as JsonMember;
        parts.push(text.slice(member.keyAt, member.keyEnd), indent > 0 ? ': ' : ':');
        print(member.value, depth + 1);
      } else print(node.items[index] as JsonNode, depth + 1);
    }
    if (count > 0 && indent > 0) parts.push(`\n${' '.repeat(indent * depth)}`);
    parts.push(close);
  };
  print(root, 0);
  return parts.join('');
}

/** Returns the text of a JSON string literal (with its quotes), which must come from a parsed text. */
export function jsonStringValue(literal: string): string {
  return JSON.parse(literal) as string;
}
