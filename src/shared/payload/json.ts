import { type Checked, maxDepth, type PayloadProblem, problemAt } from './problem.ts';

/**
 * A JSON value with its place in the text, `[at, end)`. Nothing is converted: numbers keep every digit they were written
 * with, and an object keeps its members in order, repeated keys and all. So a view or a new layout shows what was sent.
 */
export type JsonNode =
  | { readonly kind: 'object'; readonly at: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly at: number; readonly end: number; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string' | 'number' | 'boolean' | 'null'; readonly at: number; readonly end: number };

export interface JsonMember {
  readonly keyAt: number;
  readonly keyEnd: number;
  readonly value: JsonNode;
}

class Malformed extends Error {
  readonly problem: PayloadProblem;
  constructor(problem: PayloadProblem) {
    super(problem.reason);
    this.problem = problem;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringRun = /[^"\\\u0000-\u001f]*/y;
const wordPattern = /[\w$+.-]+/y;

/** One walk over a text: RFC 8259, no more and no less. */
class Reader {
  readonly text: string;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }

  fail(reason: string, at = this.at, length = 1): never {
    throw new Malformed(problemAt(this.text, at, reason, length));
  }

  space(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  /** What stands here, for an error: `“x”` or `the end`. */
  found(): string {
    if (this.at >= this.text.length) return 'the text ends';
    return `found “${String.fromCodePoint(this.text.codePointAt(this.at) as number)}”`;
  }

  value(depth: number): JsonNode {
    if (depth > maxDepth) this.fail(`values are nested deeper than ${maxDepth} levels`);
    const at = this.at;
    switch (this.text[at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        this.string();
        return { kind: 'string', at, end: this.at };
      case 't':
        return this.word('true', 'boolean');
      case 'f':
        return this.word('false', 'boolean');
      case 'n':
        return this.word('null', 'null');
      default:
        return this.number();
    }
  }

  object(depth: number): JsonNode {
    const at = this.at;
    const members: JsonMember[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === '}') {
      this.at += 1;
      return { kind: 'object', at, end: this.at, members };
    }
    for (;;) {
      if (this.text[this.at] !== '"') {
        const comma = members.length > 0 ? ' after the comma' : '';
        this.fail(`a key in double quotes is expected${comma}, ${this.found()}`);
      }
      const keyAt = this.at;
      this.string();
      const keyEnd = this.at;
      this.space();
      if (this.text[this.at] !== ':') this.fail(`“:” is expected after a key, ${this.found()}`);
      this.at += 1;
      this.space();
      members.push({ keyAt, keyEnd, value: this.value(depth + 1) });
      if (this.more('}')) return { kind: 'object', at, end: this.at, members };
    }
  }

  array(depth: number): JsonNode {
    const at = this.at;
    const items: JsonNode[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === ']') {
      this.at += 1;
      return { kind: 'array', at, end: this.at, items };
    }
    for (;;) {
      if (this.text[this.at] === ']') this.fail('a value is expected after the comma');
      items.push(this.value(depth + 1));
      if (this.more(']')) return { kind: 'array', at, end: this.at, items };
    }
  }

  /** Behind a value in a list: true at `close`, false at a comma. */
  more(close: string): boolean {
    this.space();
    const char = this.text[this.at];
    if (char !== close && char !== ',') this.fail(`a comma or “${close}” is expected, ${this.found()}`);
    this.at += 1;
    if (char === ',') this.space();
    return char === close;
  }

  string(): void {
    const start = this.at;
    this.at += 1;
    for (;;) {
      stringRun.lastIndex = this.at;
      stringRun.exec(this.text);
      this.at = stringRun.lastIndex;
      const char = this.text[this.at];
      if (char === '"') {
        this.at += 1;
        return;
      }
      if (char === '\\') this.escape();
      else if (char === undefined) this.fail('a string has no closing quote', start);
      else this.fail('a control character in a string must be escaped (\\n, \\t, \\u0000 …)');
    }
  }

  escape(): void {
    const next = this.text[this.at + 1];
    if (next === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(this.text.slice(this.at + 2, this.at + 6))) {
        this.fail('“\\u” needs four hex digits', this.at, 2);
      }
      this.at += 6;
    } else if (next !== undefined && '"\\/bfnrt'.includes(next)) this.at += 2;
    else this.fail('this is not an escape of JSON', this.at, 2);
  }

  word(word: string, kind: 'boolean' | 'null'): JsonNode {
    const at = this.at;
    wordPattern.lastIndex = at;
    const found = wordPattern.exec(this.text)?.[0] ?? '';
    if (found !== word) this.fail(`a value is expected, found “${found.slice(0, 24)}”`, at, found.length || 1);
    this.at = at + word.length;
    return { kind, at, end: this.at };
  }

  number(): JsonNode {
    const at = this.at;
    numberPattern.lastIndex = at;
    const end = numberPattern.exec(this.text) ? numberPattern.lastIndex : at;
    wordPattern.lastIndex = at;
    const wordEnd = wordPattern.exec(this.text) ? wordPattern.lastIndex : at;
    if (end === at || wordEnd > end) {
      const word = this.text.slice(at, Math.min(wordEnd, at + 24));
      if (/^-?\d/.test(word)) this.fail(`“${word}” is not a number of JSON`, at, wordEnd - at);
      if (this.text[at] === "'") this.fail('strings and keys take double quotes');
      this.fail(word === '' ? `a value is expected, ${this.found()}` : `a value is expected, found “${word}”`);
    }
    this.at = end;
    return { kind: 'number', at, end };
  }
}

/** Reads `text` as one JSON value (RFC 8259). Never throws on input; nesting is capped at `maxDepth`. */
export function parseJson(text: string): Checked<JsonNode> {
  const reader = new Reader(text);
  try {
    if (text.charCodeAt(0) === 0xfeff) reader.fail('a byte order mark may not stand before JSON');
    reader.space();
    if (reader.at >= text.length) reader.fail('a JSON value is expected, the text is empty');
    const root = reader.value(0);
    reader.space();
    if (reader.at < text.length) reader.fail(`one JSON value is expected, more follows: ${reader.found()}`);
    return { ok: true, value: root };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** `root`, which was parsed from `text`, laid out anew: every key, string and number exactly as it was written. */
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

/** The text that a JSON string literal (with its quotes) stands for. `literal` must come from a parsed text. */
export function jsonStringValue(literal: string): string {
  return JSON.parse(literal) as string;
}
