import { readDocument } from '#shared/payload/document-text.ts';
import { problemText } from '#shared/payload/problem.ts';
import { queryXml } from '#shared/payload/xpath.ts';
import type { Found } from '#shared/template/scope.ts';

/* The filter `xpath` of templates. Import this module when a template uses it: it loads the XML and XPath libraries. */

/** The largest document, in bytes. */
const maxDocumentBytes = 524_288;
const maxExpressionLength = 1_000;
const maxDepth = 8;
/** Limits of the document. The libraries need about 6 μs for each part, and for attributes of one element the square of their number. */
const maxParts = 4_000;
const maxAttributes = 1_000;
/** The time of the evaluation, without the time for reading the document. Milliseconds. */
const maxMs = 30;
/** A template has a limit for the texts that it makes. */
const maxText = 16 * 1_048_576;

const token =
  /\s+|(?<literal>"[^"]*"|'[^']*'|\d+(?:\.\d+)?)|(?<comparison>!?=|[<>]=?)|(?<name>[\p{L}_][\p{L}\p{N}_.-]*)|(?<open>[([])|(?<close>[)\]])|(?<end>\.\.?|\*)|\/\/?|::?|[@|,]/uy;
const functions = new Set(
  'text node comment position last count name local-name contains starts-with ends-with normalize-space not string string-length'.split(
    ' ',
  ),
);

/**
 * Returns the text of the first result of `expression` on the XML document. The expression has the paths, predicates and comparisons of
 * XPath, and a few functions. What can compute for a long time without reading the document is refused, because nothing stops it.
 */
export function firstByXPath(document: Uint8Array, expression: string): Found<string> {
  const problem = expressionProblem(expression);
  if (problem !== undefined) return { ok: false, reason: problem };
  if (document.length > maxDocumentBytes) return { ok: false, reason: 'The document is larger than 512 KiB' };
  const text = readDocument('xml', document);
  if (!text.ok) return { ok: false, reason: `The document is not XML: ${problemText(text.problem)}` };
  // Its entities could make much of little.
  if (text.value.includes('<!DOCTYPE')) return { ok: false, reason: 'The document has a DOCTYPE' };
  const size = sizeProblem(text.value);
  if (size !== undefined) return { ok: false, reason: size };
  const result = queryXml(text.value, expression, { timeMs: maxMs, matches: 1, text: maxText });
  switch (result.kind) {
    case 'found': {
      const [first] = result.matches;
      return first ? { ok: true, value: first.text } : { ok: false, reason: `\`${expression}\` finds nothing` };
    }
    case 'invalid-document':
      return { ok: false, reason: `The document is not XML: ${result.problem.message}` };
    case 'failed':
      return { ok: false, reason: `Invalid XPath: ${result.reason}` };
    case 'limit':
      return { ok: false, reason: `The XPath reached the limit of its ${result.limit}` };
  }
}

/**
 * Returns why a document would take too long to read; `undefined` if it does not. A received message can be any document, and nothing else
 * happens while it is read. Text that looks like a part counts as one.
 */
function sizeProblem(text: string): string | undefined {
  if (hasMoreThan(maxAttributes, text, /=\s*["']/g)) return `The document has more than ${maxAttributes} attributes`;
  if (!hasMoreThan(maxParts, text, /[<&]/g)) return undefined;
  return `The document has more than ${maxParts} tags, comments and references (\`<\` and \`&\`)`;
}

function hasMoreThan(count: number, text: string, pattern: RegExp): boolean {
  let found = 0;
  while (pattern.test(text)) {
    found += 1;
    if (found > count) return true;
  }
  return false;
}

/** A part of an expression. `other`: a separator such as `/`, `@` or `and`. */
interface Token {
  readonly text: string;
  readonly kind: 'literal' | 'comparison' | 'name' | 'open' | 'close' | 'end' | 'other';
}

/** Returns why a template does not evaluate an expression; `undefined` if it does, or if the expression is invalid anyway. */
function expressionProblem(expression: string): string | undefined {
  if (expression.length > maxExpressionLength) return `The XPath has more than ${maxExpressionLength} characters`;
  let before: Token | undefined;
  let depth = 0;
  for (let at = 0; at < expression.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(expression);
    if (!found) return notSupported(expression.slice(at, at + 1));
    if (found[0].trim() === '') continue;
    const next = tokenOf(found, before);
    const problem = tokenProblem(next, before);
    if (problem !== undefined) return problem;
    if (next.kind === 'open') depth += 1;
    if (next.kind === 'close') depth -= 1;
    if (depth > maxDepth) return `The XPath has more than ${maxDepth} nested brackets`;
    before = next;
  }
  return undefined;
}

function tokenOf({ 0: text, groups = {} }: RegExpExecArray, before: Token | undefined): Token {
  if ((text === 'and' || text === 'or') && isValue(before)) return { text, kind: 'other' };
  const kind = Object.keys(groups).find((name) => groups[name] !== undefined) as Token['kind'] | undefined;
  return { text, kind: kind ?? 'other' };
}

function isValue(before: Token | undefined): boolean {
  return before !== undefined && ['literal', 'name', 'close', 'end'].includes(before.kind);
}

function tokenProblem({ kind, text }: Token, before: Token | undefined): string | undefined {
  if (before?.kind === 'comparison' && kind !== 'literal')
    return 'An XPath in a template compares with a text or a number';
  if (kind === 'name' && isValue(before)) return notSupported(text);
  const called = before?.kind === 'name' ? before.text : '';
  return text === '(' && !functions.has(called) ? notSupported(`${called}(`) : undefined;
}

function notSupported(part: string): string {
  return `\`${part}\` is not supported in the XPath of a template`;
}
