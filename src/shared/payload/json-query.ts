import { jsonStringValue, parseJson } from './json.ts';
import type { JsonNode } from './json-syntax.ts';
import { lineCounter, type PayloadProblem, quoted } from './problem.ts';

/*
 * Queries on JSON documents, in the part of JSONPath (RFC 9535) that needs no expressions: `$`, `.name`, `['name']`, `[0]`, `[-1]`, `[*]`,
 * `.*`, and `..` before each of them.
 */

/** One result of a query, and where it is in the document: `[at, end)`, the line and the column from 1. */
interface JsonMatch {
  readonly kind: JsonNode['kind'];
  /** The path of the value, such as `$.items[0]["a b"]`. */
  readonly path: string;
  /** The value as it is written, at most 1 000 UTF-16 units. */
  readonly text: string;
  readonly place: { readonly at: number; readonly end: number; readonly line: number; readonly column: number };
}

type JsonQuery =
  /** `isCut`: there are more results than the maximum. */
  | { readonly kind: 'found'; readonly matches: readonly JsonMatch[]; readonly isCut: boolean }
  | { readonly kind: 'invalid-document'; readonly problem: PayloadProblem }
  /** The path is invalid. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The document is too long, or the query reads too many values. */
  | { readonly kind: 'limit'; readonly limit: 'size' };

const maxDocumentLength = 8 * 1_048_576;
const maxPathLength = 1_000;
const maxMatchText = 1_000;
/** Maximum number of values that one query reads. */
const maxVisited = 4_000_000;

/** A step to the children of a value, by key, by index, or all. `deep`: also from all values inside it. */
interface Step {
  readonly deep: boolean;
  readonly child: string | number | undefined;
}

const stepPattern =
  /(\.\.(?=\[)|\.\.?(?=[^.[]))?(?:\[\s*(?:(-?\d{1,9})|(\*)|"((?:[^"\\]|\\.)*)"|'([^']*)')\s*\]|(?<=\.)(\*)|(?<=\.)([^.[\]\s"'*]+))/y;

function stepsOf(path: string): readonly Step[] | string {
  const trimmed = path.trim();
  if (!trimmed.startsWith('$')) return 'A JSON path begins with `$`, such as `$.items[0].name`';
  const steps: Step[] = [];
  for (let at = 1; at < trimmed.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const found = stepPattern.exec(trimmed);
    if (!found)
      return `Unexpected ${quoted(trimmed.slice(at))}: use \`.name\`, \`["name"]\`, \`[0]\`, \`[*]\` or \`..name\``;
    const [, dots = '', index, , double, single, , name] = found;
    steps.push({ deep: dots === '..', child: index === undefined ? keyOf(double, single, name) : Number(index) });
  }
  return steps;
}

function keyOf(double: string | undefined, single: string | undefined, name: string | undefined): string | undefined {
  if (double === undefined) return single ?? name;
  try {
    return jsonStringValue(`"${double}"`);
  } catch {
    return double;
  }
}

interface Found {
  readonly node: JsonNode;
  /** The value that contains it, and its step from there. */
  readonly parent: Found | undefined;
  readonly step: string | number;
}

class TooMany extends Error {}

/** Returns the values of the JSON document `text` at `path`, in the order of the document. Never throws on input. */
export function queryJson(text: string, path: string, maxMatches = 1_000): JsonQuery {
  if (text.length > maxDocumentLength || path.length > maxPathLength) return { kind: 'limit', limit: 'size' };
  const steps = stepsOf(path);
  if (typeof steps === 'string') return { kind: 'failed', reason: steps };
  const parsed = parseJson(text);
  if (!parsed.ok) return { kind: 'invalid-document', problem: parsed.problem };
  const walk = new Walk(text);
  try {
    let found: readonly Found[] = [{ node: parsed.value, parent: undefined, step: '' }];
    for (const step of steps) found = walk.next(found, step);
    const unique = [...new Map(found.map((one) => [one.node, one])).values()];
    unique.sort((one, other) => one.node.at - other.node.at);
    const position = lineCounter(text);
    const matches = unique.slice(0, maxMatches).map(({ node, ...rest }) => ({
      kind: node.kind,
      path: pathOf({ node, ...rest }),
      text: text.slice(node.at, Math.min(node.end, node.at + maxMatchText)),
      place: { at: node.at, end: node.end, ...position(node.at) },
    }));
    return { kind: 'found', matches, isCut: unique.length > maxMatches };
  } catch (error) {
    if (error instanceof TooMany) return { kind: 'limit', limit: 'size' };
    throw error;
  }
}

class Walk {
  readonly #text: string;
  #visited = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns what one step leads to from the values `from`. */
  next(from: readonly Found[], { deep, child }: Step): Found[] {
    const found: Found[] = [];
    for (const one of from) this.#add(one, { deep, child }, found);
    return found;
  }

  #add(from: Found, step: Step, found: Found[]): void {
    for (const one of this.#children(from)) {
      if (step.child === undefined || isAt(from.node, one.step, step.child)) found.push(one);
      if (step.deep) this.#add(one, step, found);
    }
  }

  #children(parent: Found): Found[] {
    const { node } = parent;
    const children =
      node.kind === 'array'
        ? node.items.map((item, index): Found => ({ node: item, parent, step: index }))
        : node.kind === 'object'
          ? node.members.map(({ keyAt, keyEnd, value }): Found => {
              return { node: value, parent, step: jsonStringValue(this.#text.slice(keyAt, keyEnd)) };
            })
          : [];
    this.#visited += children.length;
    if (this.#visited > maxVisited) throw new TooMany();
    return children;
  }
}

function isAt(parent: JsonNode, step: string | number, wanted: string | number): boolean {
  if (parent.kind !== 'array' || typeof wanted === 'string') return step === wanted;
  return step === (wanted < 0 ? parent.items.length + wanted : wanted);
}

function pathOf(found: Found): string {
  const steps: string[] = [];
  for (let here = found; here.parent; here = here.parent) {
    const { step } = here;
    const isName = typeof step === 'string' && /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(step);
    steps.unshift(isName ? `.${step}` : `[${JSON.stringify(step)}]`);
  }
  return `$${steps.join('')}`;
}
