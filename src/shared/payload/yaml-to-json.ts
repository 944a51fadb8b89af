import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
} from 'yaml';
import { ConvertedText, type Losses } from './losses.ts';
import { type Checked, Malformed, maxDepth, problemAt, quoted } from './problem.ts';

/**
 * Converts one document of YAML 1.2 (core schema) to JSON with an indent of two, and adds what that loses. Numbers keep their digits. The
 * problem is the first error of the document, what JSON does not have, or a limit of size. Never throws on input.
 */
export function yamlToJson(text: string, losses: Losses): Checked<string> {
  try {
    return { ok: true, value: new YamlReader(text, losses).json() };
  } catch (error) {
    if (error instanceof Malformed) {
      const { at, message, length } = error.mistake;
      return { ok: false, problem: problemAt(text, at, message, length) };
    }
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, problem: problemAt(text, 0, `Values are nested deeper than ${maxDepth} levels`) };
  }
}

/** The YAML library takes seconds for a text of this many units that is hostile. */
const maxLength = 2 * 1_048_576;
const longestMessage = 200;
/** Maximum number of values that aliases copy. */
const maxCopies = 1_000_000;

class YamlReader {
  readonly #text: string;
  readonly #losses: Losses;
  readonly #output = new ConvertedText();
  /** The anchored nodes so far, and what each alias refers to: a later anchor can have the same name. */
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  readonly #active = new Set<Node>();
  #copies = 0;

  constructor(text: string, losses: Losses) {
    this.#text = text;
    this.#losses = losses;
  }

  json(): string {
    if (this.#text.length > maxLength) this.#refuse(0, `The text is longer than ${maxLength} characters`);
    this.#lose();
    const options = { version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' };
    const parsed = parseAllDocuments(this.#text, options as Parameters<typeof parseAllDocuments>[1]);
    const [document, second] = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
    const error = document?.errors[0] ?? second?.errors[0];
    if (error?.code === 'RESOURCE_EXHAUSTION') {
      this.#refuse(error.pos[0], `Values are nested deeper than ${maxDepth} levels`);
    }
    if (error) this.#refuse(error.pos[0], error.message.slice(0, longestMessage));
    if (second) this.#refuse(second.range[0], 'Second document: JSON is one value');
    this.#value((document?.contents as Node | null | undefined) ?? undefined, 0, true);
    return this.#output.toString();
  }

  /** Adds what the tokens say is lost. */
  #lose(): void {
    let at = 0;
    let isContent = false;
    for (const token of new Lexer().lex(this.#text)) {
      if (!isContent && /^[\x02\x18\x1f]$/.test(token)) {
        isContent = token === '\x1f';
        continue;
      }
      const first = isContent ? '' : token[0];
      if (first === '#') this.#losses.add('comments', at);
      else if (first === '*') this.#losses.add('anchors', at);
      else if (first === '!') this.#losses.add('tags', at);
      else if (first === '%') this.#losses.add('directives', at);
      isContent = false;
      at += token.length;
    }
  }

  /** Writes `node`. `isFirst`: it is at its own place, not copied for an alias. */
  #value(node: Node | undefined, depth: number, isFirst: boolean): void {
    if (depth > maxDepth) this.#refuse(placeOf(node), `Values are nested deeper than ${maxDepth} levels`);
    if (!isFirst) this.#copies += 1;
    if (this.#copies > maxCopies) this.#refuse(placeOf(node), `Aliases copy more than ${maxCopies} values`);
    if (isFirst && node && !isAlias(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (node === undefined) this.#write('null', node);
    else if (isAlias(node)) this.#copy(node, depth, isFirst);
    else if (isScalar(node)) this.#write(this.#scalar(node), node);
    else {
      this.#active.add(node);
      if (isMap(node)) this.#object(node.items as readonly Pair[], node, depth, isFirst);
      else if (isSeq(node)) this.#array(node.items, node, depth, isFirst);
      this.#active.delete(node);
    }
  }

  #copy(alias: Alias, depth: number, isFirst: boolean): void {
    const target = isFirst ? this.#anchors.get(alias.source) : this.#targets.get(alias);
    if (!target) this.#refuse(placeOf(alias), `The anchor ${quoted(alias.source)} is not defined before this alias`);
    if (this.#active.has(target)) this.#refuse(placeOf(alias), `The alias ${quoted(alias.source)} contains itself`);
    this.#targets.set(alias, target);
    this.#value(target, depth, false);
  }

  #object(pairs: readonly Pair[], node: Node, depth: number, isFirst: boolean): void {
    const keys = new Set<string>();
    this.#write('{', node);
    for (const [index, { key, value }] of pairs.entries()) {
      const text = this.#key(key as Node | null, node, isFirst);
      if (keys.has(text)) this.#refuse(placeOf(key as Node | null), `Duplicate key ${quoted(text)}`);
      keys.add(text);
      this.#write(`${index > 0 ? ',' : ''}${newLine(depth + 1)}${JSON.stringify(text)}: `, node);
      this.#value((value as Node | null) ?? undefined, depth + 1, isFirst);
    }
    this.#write(pairs.length > 0 ? `${newLine(depth)}}` : '}', node);
  }

  #array(items: readonly unknown[], node: Node, depth: number, isFirst: boolean): void {
    this.#write('[', node);
    for (const [index, item] of items.entries()) {
      this.#write(`${index > 0 ? ',' : ''}${newLine(depth + 1)}`, node);
      if (isPair(item)) this.#object([item], node, depth + 1, isFirst);
      else this.#value((item as Node | null) ?? undefined, depth + 1, isFirst);
    }
    this.#write(items.length > 0 ? `${newLine(depth)}]` : ']', node);
  }

  #key(key: Node | null, parent: Node, isFirst: boolean): string {
    if (isAlias(key)) {
      const target = isFirst ? this.#anchors.get(key.source) : this.#targets.get(key);
      if (target) this.#targets.set(key, target);
      return this.#key(target && !isAlias(target) ? target : null, parent, isFirst);
    }
    if (key === null) {
      this.#losses.add('keys', placeOf(parent));
      return 'null';
    }
    if (!isScalar(key)) return this.#refuse(placeOf(key), 'A key of JSON is text, not a list or a mapping');
    if (isFirst && key.anchor !== undefined) this.#anchors.set(key.anchor, key);
    if (typeof key.value === 'string') {
      if (key.value === '<<' && key.type === 'PLAIN') this.#losses.add('merge', placeOf(key));
      return key.value;
    }
    this.#losses.add('keys', placeOf(key));
    return key.source || 'null';
  }

  #scalar(node: Scalar): string {
    const { value, source = '' } = node;
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value !== 'number' && typeof value !== 'bigint') {
      return JSON.stringify(typeof value === 'string' ? value : source);
    }
    if (!Number.isFinite(Number(value)) && !/^[-+]?[.\d]*\d/.test(source)) {
      this.#refuse(placeOf(node), `JSON has no number ${quoted(source)}`);
    }
    const digits = decimal(source) ?? String(value);
    if (digits !== source) this.#losses.add('notation', placeOf(node));
    return digits;
  }

  #write(part: string, node: Node | undefined): void {
    if (!this.#output.push(part)) this.#refuse(placeOf(node), 'The result would be too long');
  }

  #refuse(at: number, message: string, length = 1): never {
    throw new Malformed({ at, length, severity: 'error', message });
  }
}

function placeOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

function newLine(depth: number): string {
  return `\n${'  '.repeat(depth)}`;
}

/** Returns a number of the core schema (YAML 1.2.2, 10.3.2) in the notation of JSON, with the same digits; `undefined` for other texts. */
function decimal(source: string): string | undefined {
  if (/^0(?:x[\da-fA-F]+|o[0-7]+)$/.test(source)) return BigInt(source).toString();
  const parts = /^([-+]?)(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/.exec(source);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = parts;
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return `${sign === '-' ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}${exponent}`;
}
