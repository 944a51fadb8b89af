import { type Checked, Malformed, problemAt } from './problem.ts';

/** A part of an XML text, `[at, end)`. The parts cover the text without gaps. */
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

const nameStart =
  ':A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}\\u{200c}\\u{200d}' +
  '\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}';
/** The names of XML 1.0, fifth edition (productions 4 and 5), for a regular expression with the flag `u`. */
export const xmlName = `[${nameStart}][${nameStart}.0-9\\u{b7}\\u{300}-\\u{36f}\\u{203f}\\u{2040}-]*`;
const namePattern = new RegExp(xmlName, 'uy');
const spacePattern = /[ \t\r\n]*/y;

/** Splits `text` into the tokens of XML 1.0. Refuses elements deeper than `deepest`. Never throws on input. */
export function scanXml(text: string, deepest: number): Checked<XmlToken[]> {
  const tokens: XmlToken[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let depth = 0;
  try {
    while (at < text.length) {
      const token = text[at] === '<' ? markup(text, at) : characters(text, at);
      if (token.kind === 'open' && !token.empty) depth += 1;
      else if (token.kind === 'close') depth -= 1;
      // The rest is not scanned: a text of start tags alone would be expensive to refuse.
      if (depth > deepest) refuse(at, `elements are nested deeper than ${deepest} levels`);
      tokens.push(token);
      at = token.end;
    }
    return { ok: true, value: tokens };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { at: place, message, length } = error.mistake;
    return { ok: false, problem: problemAt(text, place, message, length) };
  }
}

function refuse(at: number, reason: string, length = 1): never {
  throw new Malformed({ at, length, severity: 'error', message: reason });
}

function characters(text: string, at: number): XmlToken {
  const next = text.indexOf('<', at);
  const end = next < 0 ? text.length : next;
  checkReferences(text, at, end);
  return { kind: 'text', at, end };
}

/** Matches one reference to an entity or a character at the current place. */
export const referencePattern = new RegExp(`&(?:#\\d+|#x[0-9a-fA-F]+|${xmlName});`, 'uy');

/** Refuses an `&` that does not begin a reference. */
function checkReferences(text: string, from: number, to: number): void {
  const part = text.slice(from, to);
  for (let at = part.indexOf('&'); at >= 0; at = part.indexOf('&', at + 1)) {
    referencePattern.lastIndex = from + at;
    if (!referencePattern.test(text)) refuse(from + at, '“&” must be written as “&amp;”');
  }
}

function until(text: string, at: number, open: string, close: string, what: string): number {
  const end = text.indexOf(close, at + open.length);
  if (end < 0) refuse(at, `${what} is never closed: “${close}” is missing`, open.length);
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

function doctype(text: string, at: number): XmlToken {
  const end = endOfDoctype(text, at);
  return end === undefined ? refuse(at, 'a DOCTYPE is never closed', 9) : { kind: 'doctype', at, end };
}

/** Returns the offset of the end of the DOCTYPE at `at`. Declarations of its internal subset may contain `>` in quotes. */
export function endOfDoctype(text: string, at: number): number | undefined {
  let depth = 0;
  for (let here = at; here < text.length; ) {
    const end = endOfOpaque(text, here);
    if (end === undefined) return undefined;
    if (end > here) {
      here = end;
      continue;
    }
    const char = text[here];
    here += 1;
    if (char === '<' || char === '[') depth += 1;
    else if (char === ']' || char === '>') depth -= 1;
    if (char === '>' && depth === 0) return here;
  }
  return undefined;
}

/** Returns the offset of the end of the literal, comment or instruction at `at`: `at` if none begins there, `undefined` if it is not closed. */
function endOfOpaque(text: string, at: number): number | undefined {
  const char = text[at];
  if (char === '"' || char === "'") return endOf(text, char, at + 1);
  if (char !== '<') return at;
  if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 2);
  return text.startsWith('<?', at) ? endOf(text, '?>', at + 2) : at;
}

function endOf(text: string, close: string, from: number): number | undefined {
  const found = text.indexOf(close, from);
  return found < 0 ? undefined : found + close.length;
}

function nameAt(text: string, at: number, what: string): string {
  namePattern.lastIndex = at;
  const name = namePattern.exec(text)?.[0];
  return name ?? refuse(at, at < text.length ? `${what} is expected` : `${what} is expected, the text ends`);
}

function skipSpace(text: string, at: number): number {
  spacePattern.lastIndex = at;
  spacePattern.exec(text);
  return spacePattern.lastIndex;
}

function closeTag(text: string, at: number): XmlToken {
  const name = nameAt(text, at + 2, 'an element’s name');
  const end = skipSpace(text, at + 2 + name.length);
  if (text[end] !== '>') refuse(at, `“</${name}” is not ended by “>”`, name.length + 2);
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
    if (next >= text.length) refuse(at, `“<${name}” is not ended by “>”`, name.length + 1);
    if (next === here) refuse(next, 'white space, “>” or “/>” is expected');
    const key = nameAt(text, next, 'an attribute’s name');
    if (names.has(key)) refuse(next, `the attribute “${key}” is given twice`, key.length);
    names.add(key);
    here = skipSpace(text, next + key.length);
    if (text[here] !== '=') refuse(next, `the attribute “${key}” has no value`, key.length);
    here = skipSpace(text, here + 1);
    const quote = text[here];
    if (quote !== '"' && quote !== "'") refuse(here, `the value of “${key}” must be in quotes`);
    const end = text.indexOf(quote, here + 1);
    if (end < 0) refuse(here, `the value of “${key}” has no closing quote`);
    const value = text.slice(here + 1, end);
    if (value.includes('<')) refuse(here + 1 + value.indexOf('<'), '“<” in a value is written “&lt;”');
    checkReferences(text, here + 1, end);
    attributes.push({ name: key, value });
    here = end + 1;
  }
}
