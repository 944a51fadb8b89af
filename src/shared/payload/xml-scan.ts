import { type Checked, type PayloadProblem, problemAt } from './problem.ts';

/** A piece of an XML text, `[at, end)`. Pieces tile the text. */
export type XmlToken =
  | {
      readonly kind: 'open';
      readonly at: number;
      readonly end: number;
      readonly name: string;
      readonly attributes: readonly { readonly name: string; readonly value: string }[];
      /** `<a/>`. */
      readonly empty: boolean;
    }
  | { readonly kind: 'close'; readonly at: number; readonly end: number; readonly name: string }
  | {
      readonly kind: 'text' | 'cdata' | 'comment' | 'instruction' | 'doctype';
      readonly at: number;
      readonly end: number;
    };

const namePattern = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy;
const spacePattern = /[ \t\r\n]*/y;

class Malformed extends Error {
  readonly problem: PayloadProblem;
  constructor(problem: PayloadProblem) {
    super(problem.reason);
    this.problem = problem;
  }
}

/** Cuts `text` into the pieces of XML 1.0 without giving them meaning. Never throws on input. */
export function scanXml(text: string): Checked<XmlToken[]> {
  const tokens: XmlToken[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  try {
    while (at < text.length) {
      const token = text[at] === '<' ? markup(text, at) : characters(text, at);
      tokens.push(token);
      at = token.end;
    }
    return { ok: true, value: tokens };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: error.problem };
    throw error;
  }
}

function refuse(text: string, at: number, reason: string, length = 1): never {
  throw new Malformed(problemAt(text, at, reason, length));
}

function characters(text: string, at: number): XmlToken {
  const next = text.indexOf('<', at);
  const end = next < 0 ? text.length : next;
  checkReferences(text, at, end);
  return { kind: 'text', at, end };
}

/** `&` stands for itself nowhere in XML. */
function checkReferences(text: string, from: number, to: number): void {
  const pattern = /&(?:#\d+|#x[0-9a-fA-F]+|[\p{L}_:][\p{L}\p{N}_:.-]*);/uy;
  for (let at = text.indexOf('&', from); at >= 0 && at < to; at = text.indexOf('&', at + 1)) {
    pattern.lastIndex = at;
    if (!pattern.test(text)) refuse(text, at, '“&” must be written as “&amp;”');
  }
}

function until(text: string, at: number, open: string, close: string, what: string): number {
  const end = text.indexOf(close, at + open.length);
  if (end < 0) refuse(text, at, `${what} is never closed: “${close}” is missing`, open.length);
  return end + close.length;
}

function markup(text: string, at: number): XmlToken {
  if (text.startsWith('<!--', at)) return { kind: 'comment', at, end: until(text, at, '<!--', '-->', 'a comment') };
  if (text.startsWith('<![CDATA[', at)) {
    return { kind: 'cdata', at, end: until(text, at, '<![CDATA[', ']]>', 'a CDATA section') };
  }
  if (text.startsWith('<?', at)) return { kind: 'instruction', at, end: until(text, at, '<?', '?>', 'an instruction') };
  if (text.startsWith('<!DOCTYPE', at)) return doctype(text, at);
  if (text[at + 1] === '/') return closeTag(text, at);
  return openTag(text, at);
}

/** A DOCTYPE with its internal subset, whose declarations may hold `>` in quotes. */
function doctype(text: string, at: number): XmlToken {
  let depth = 0;
  let quote = '';
  for (let index = at; index < text.length; index += 1) {
    const char = text[index] as string;
    if (quote) quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '<' || char === '[') depth += 1;
    else if (char === ']') depth -= 1;
    else if (char === '>') {
      depth -= 1;
      if (depth === 0) return { kind: 'doctype', at, end: index + 1 };
    }
  }
  return refuse(text, at, 'a DOCTYPE is never closed', 9);
}

function nameAt(text: string, at: number, what: string): string {
  namePattern.lastIndex = at;
  const name = namePattern.exec(text)?.[0];
  return name ?? refuse(text, at, at < text.length ? `${what} is expected` : `${what} is expected, the text ends`);
}

function skipSpace(text: string, at: number): number {
  spacePattern.lastIndex = at;
  spacePattern.exec(text);
  return spacePattern.lastIndex;
}

function closeTag(text: string, at: number): XmlToken {
  const name = nameAt(text, at + 2, 'an element’s name');
  const end = skipSpace(text, at + 2 + name.length);
  if (text[end] !== '>') refuse(text, at, `“</${name}” is not ended by “>”`, name.length + 2);
  return { kind: 'close', at, end: end + 1, name };
}

function openTag(text: string, at: number): XmlToken {
  const name = nameAt(text, at + 1, 'an element’s name (“<” itself is written “&lt;”)');
  const attributes: { name: string; value: string }[] = [];
  const names = new Set<string>();
  let here = at + 1 + name.length;
  for (;;) {
    const next = skipSpace(text, here);
    if (text[next] === '>') return { kind: 'open', at, end: next + 1, name, attributes, empty: false };
    if (text.startsWith('/>', next)) return { kind: 'open', at, end: next + 2, name, attributes, empty: true };
    if (next >= text.length) refuse(text, at, `“<${name}” is not ended by “>”`, name.length + 1);
    if (next === here) refuse(text, next, 'white space, “>” or “/>” is expected');
    const key = nameAt(text, next, 'an attribute’s name');
    if (names.has(key)) refuse(text, next, `the attribute “${key}” is given twice`, key.length);
    names.add(key);
    here = skipSpace(text, next + key.length);
    if (text[here] !== '=') refuse(text, next, `the attribute “${key}” has no value`, key.length);
    here = skipSpace(text, here + 1);
    const quote = text[here];
    if (quote !== '"' && quote !== "'") refuse(text, here, `the value of “${key}” must stand in quotes`);
    const end = text.indexOf(quote, here + 1);
    if (end < 0) refuse(text, here, `the value of “${key}” has no closing quote`);
    const value = text.slice(here + 1, end);
    if (value.includes('<')) refuse(text, here + 1 + value.indexOf('<'), '“<” in a value is written “&lt;”');
    checkReferences(text, here + 1, end);
    attributes.push({ name: key, value });
    here = end + 1;
  }
}
