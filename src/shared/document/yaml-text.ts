import type { ScalarTag, Tags } from 'yaml';
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, Lexer, parseDocument } from 'yaml';
import { decodeUtf8, utf8Length } from '../bytes/text.ts';

/*
 * Reads YAML that anyone may have written: YAML 1.2 with the core schema, without anchors, aliases, tags and merge keys. A document
 * of a workspace needs none of them, and each is a way to make a small file large or to change what a later edit means.
 */

/** The caps of a YAML document: its bytes, the tokens in it (keys, values, spaces, line ends), and its nested collections. */
export const yamlLimits = { bytes: 1_048_576, tokens: 100_000, depth: 64 } as const;

/** What is wrong with a document, and where. Lines and columns begin at 1; columns count UTF-16 units. */
interface YamlProblem {
  readonly line: number;
  readonly column: number;
  readonly what: string;
  readonly hint: string;
}

/** A value of YAML, as plain data: whole numbers beyond 2^53 are of the type bigint, so that they keep their digits. */
export type YamlValue = null | boolean | number | bigint | string | readonly YamlValue[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** One parsed document: its plain data, and its nodes to be edited. */
export interface YamlTree {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly value: YamlValue;
}

type YamlResult =
  | { readonly ok: true; readonly tree: YamlTree }
  | { readonly ok: false; readonly problem: YamlProblem };

/** The keys and indexes that lead to a value. */
export type YamlPath = readonly (string | number)[];

/** Returns the line and the column of `offset` in `text`. */
function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Keeps how a number is written: `1.50`, `0x0A` and digits beyond 2^53 are printed as they were read. */
function keepSpelling(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    stringify: (item, ...rest) => item.source ?? tag.stringify?.(item, ...rest) ?? String(item.value),
  };
}

const isNumberTag = (tag: Tags[number]): tag is ScalarTag =>
  typeof tag === 'object' && (tag.tag === 'tag:yaml.org,2002:int' || tag.tag === 'tag:yaml.org,2002:float');

/** How documents are parsed and created. Repeated keys are found here: the package compares each key with all before it. */
export const yamlOptions = {
  schema: 'core',
  version: '1.2',
  intAsBigInt: true,
  uniqueKeys: false,
  prettyErrors: false,
  strict: true,
  customTags: (tags: Tags): Tags => tags.map((tag) => (isNumberTag(tag) ? keepSpelling(tag) : tag)),
} as const;

/**
 * Parses one YAML document. `isText` says of a path whether a value there is text however it is written: `1.10` and `no` are then
 * these characters. Never throws.
 */
export function parseYaml(content: string | Uint8Array, isText: (path: YamlPath) => boolean = () => false): YamlResult {
  const size = typeof content === 'string' ? utf8Length(content) : content.length;
  const refuse = (what: string, hint: string, at = { line: 1, column: 1 }): YamlResult => ({
    ok: false,
    problem: { ...at, what, hint },
  });
  if (size > yamlLimits.bytes) {
    return refuse(`the document has ${size} bytes`, `A document has at most ${yamlLimits.bytes} bytes: split it.`);
  }
  const text = typeof content === 'string' ? content : decodeUtf8(content);
  if (text === undefined) return refuse('the document is not UTF-8', 'Save it as UTF-8.');
  const crowded = firstBeyondLimit(text);
  if (crowded) return refuse(crowded.what, 'Split it, or use fewer levels.', placeAt(text, crowded.offset));
  const document = parseDocument(text, yamlOptions);
  const error = document.errors[0] ?? document.warnings[0];
  if (error?.code === 'MULTIPLE_DOCS') {
    const hint = 'Save each document in its own file, without “---” between them.';
    return refuse('a second document begins here', hint, placeAt(text, error.pos[0]));
  }
  if (error?.code === 'RESOURCE_EXHAUSTION') return refuse(tooDeep, 'Use fewer levels.', placeAt(text, error.pos[0]));
  if (error) return refuse(error.message, 'Correct this line.', placeAt(text, error.pos[0]));
  if (document.directives.yaml.version !== yamlOptions.version) {
    return refuse(`the document is in YAML ${document.directives.yaml.version}`, 'Remove the line “%YAML”.');
  }
  const reader = new Reader(text, isText);
  const value = reader.read(document.contents, []);
  const { problem } = reader;
  return problem ? { ok: false, problem } : { ok: true, tree: { text, document, value } };
}

/** Any text up to this length is parsed in milliseconds. */
const harmless = 10_000;

/** Finds the first token beyond a limit. Splitting a text into tokens takes a fraction of the time of parsing it. */
function firstBeyondLimit(text: string): { readonly offset: number; readonly what: string } | undefined {
  if (text.length <= harmless) return undefined;
  let count = 0;
  let offset = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > yamlLimits.depth) return { offset, what: tooDeep };
    if (count > yamlLimits.tokens) return { offset, what: `the document has more than ${yamlLimits.tokens} tokens` };
    offset += token.length;
  }
  return undefined;
}

const tooDeep = `values are nested more than ${yamlLimits.depth} levels deep`;

/** Makes plain data of nodes. The first problem is kept; what has one is `null`. */
class Reader {
  problem: YamlProblem | undefined;
  readonly #text: string;
  readonly #isText: (path: YamlPath) => boolean;

  constructor(text: string, isText: (path: YamlPath) => boolean) {
    this.#text = text;
    this.#isText = isText;
  }

  read(node: unknown, path: YamlPath): YamlValue {
    if (!isNode(node)) return this.#isText(path) ? '' : null;
    const at = node.range?.[0] ?? 0;
    if (isAlias(node) || node.anchor !== undefined) {
      return this.#refuse(
        at,
        'anchors and aliases (& and *) are not supported',
        'Write the value where it is used, or put the text in quotes.',
      );
    }
    if (node.tag !== undefined) {
      return this.#refuse(at, 'tags (!) are not supported', 'Remove the tag, or put the text in quotes.');
    }
    if (isScalar(node)) return this.#scalar(node.value, node.source, path, node.type === 'PLAIN');
    if (path.length >= yamlLimits.depth) {
      return this.#refuse(at, tooDeep, 'Use fewer levels.');
    }
    if (isSeq(node)) return node.items.map((item, index) => this.#item(item, [...path, index]));
    return isMap(node) ? this.#map(node.items, path) : null;
  }

  #item(item: unknown, path: YamlPath): YamlValue {
    // “[a: 1]” is a pair in a list.
    return isPair(item) ? this.#map([item], path) : this.read(item, path);
  }

  #scalar(value: unknown, source: string | undefined, path: YamlPath, isPlain: boolean): YamlValue {
    if (typeof value === 'string') return value;
    if (isPlain && this.#isText(path)) return source ?? '';
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }

  #map(items: readonly { readonly key: unknown; readonly value: unknown }[], path: YamlPath): YamlValue {
    const map: Record<string, YamlValue> = {};
    for (const { key: node, value } of items) {
      const key = isScalar(node) ? keyOf(node) : undefined;
      const at = isNode(node) ? (node.range?.[0] ?? 0) : 0;
      if (key === undefined || (isScalar(node) && (node.anchor ?? node.tag) !== undefined)) {
        return this.#refuse(at, 'a key must be a word or a quoted text', 'Write “key: value”.');
      }
      if (key === '<<') return this.#refuse(at, 'merge keys (<<) are not supported', 'Write the keys out.');
      if (key === '__proto__') return this.#refuse(at, 'the key “__proto__” is not allowed', 'Use another name.');
      if (Object.hasOwn(map, key)) {
        return this.#refuse(at, `the key “${key.slice(0, 80)}” is there twice`, 'Remove one of them.');
      }
      map[key] = this.read(value, [...path, key]);
    }
    return map;
  }

  #refuse(offset: number, what: string, hint: string): null {
    this.problem ??= { ...placeAt(this.#text, offset), what, hint };
    return null;
  }
}

/** Returns the text of a key: a number or a word such as `true` is a key as it is written. */
export function keyOf(node: { readonly value: unknown; readonly source?: string | undefined }): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

/** Returns where the value at `path` begins, or the nearest value around it; with `atKey`, where its key begins. */
export function placeOf(tree: YamlTree, path: YamlPath, atKey = false): { line: number; column: number } {
  let node: unknown = tree.document.contents;
  let offset = 0;
  for (const [index, step] of path.entries()) {
    const { key, value } = entryOf(node, step);
    if (key === undefined && value === undefined) break;
    const isKeyWanted = atKey && index === path.length - 1;
    offset = (isKeyWanted ? startOf(key) : undefined) ?? startOf(value) ?? startOf(key) ?? offset;
    node = value;
  }
  return placeAt(tree.text, offset);
}

function entryOf(node: unknown, step: string | number): { readonly key?: unknown; readonly value?: unknown } {
  if (isSeq(node)) return { value: node.items[Number(step)] };
  if (!isMap(node)) return {};
  return node.items.find(({ key }) => isScalar(key) && keyOf(key) === String(step)) ?? {};
}

/** Returns where a node begins; `undefined` for a value that is not there. */
function startOf(node: unknown): number | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range && range[0] !== range[1] ? range[0] : undefined;
}
