import { match } from './json-syntax.ts';
import { Malformed, quoted } from './problem.ts';

const openPattern = /([rRuUbBfF]{0,2})("""|'''|"|')/y;
const betweenPattern = /(?:[ \t\r\n\f]|\\(?:\r\n?|\n))*/y;
const escapePattern = /\\(?:\r\n|[0-7]{1,3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])/y;
const controls: Readonly<Record<string, string>> = {
  '\n': '',
  '\r': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Parses the str at `at` and those directly after it, which Python joins. Returns `undefined` if none begins there. */
export function readPythonString(
  text: string,
  at: number,
): { readonly value: string; readonly end: number } | undefined {
  const parts: string[] = [];
  let end = at;
  for (let here = at; ; ) {
    openPattern.lastIndex = here;
    const [open, prefix = '', quote = ''] = openPattern.exec(text) ?? [];
    if (open === undefined) break;
    refusePrefix(prefix, here);
    end = readBody(text, here, { length: open.length, quote, isRaw: /r/i.test(prefix) }, parts);
    here = end + match(betweenPattern, text, end).length;
  }
  return end === at ? undefined : { value: parts.join(''), end };
}

function refusePrefix(prefix: string, at: number): void {
  if (/b/i.test(prefix)) refuse('These are bytes: JSON has only text', at, prefix.length);
  if (/f/i.test(prefix))
    refuse('An f-string is an expression: only Python literals can be converted', at, prefix.length);
  if (prefix.length === 2) refuse(`${quoted(prefix)} is not a Python string prefix`, at, prefix.length);
}

function refuse(message: string, at: number, length = 1): never {
  throw new Malformed({ at, length, severity: 'error', message });
}

/** The prefix and the opening quotes of a string. */
interface Opening {
  readonly length: number;
  readonly quote: string;
  readonly isRaw: boolean;
}

/** Appends the content of the string at `at` to `parts`; returns the offset of its end. */
function readBody(text: string, at: number, { length, quote, isRaw }: Opening, parts: string[]): number {
  const stop = new RegExp(`[^\\\\${quote[0]}${quote.length === 1 ? '\\r\\n' : ''}]*`, 'y');
  for (let here = at + length; ; ) {
    const run = match(stop, text, here);
    parts.push(quote.length === 3 ? run.replaceAll(/\r\n?/g, '\n') : run);
    here += run.length;
    if (text.startsWith(quote, here)) return here + quote.length;
    if (text[here] === '\\') {
      const after = readEscape(text, here, isRaw, parts);
      if (after === here) break;
      here = after;
    } else if (quote.length === 3 && here < text.length) {
      parts.push(text[here] as string);
      here += 1;
    } else break;
  }
  return refuse('This string has no closing quote', at, quote.length);
}

/** Appends the escape at `at` to `parts`; returns the offset of its end, which is `at` if the text ends. A raw string keeps the escape. */
function readEscape(text: string, at: number, isRaw: boolean, parts: string[]): number {
  const found = match(escapePattern, text, at);
  if (found === '') return at;
  if (!isRaw) {
    parts.push(escaped(found, at));
    return at + found.length;
  }
  const end = at + (found.startsWith('\\\r\n') ? 3 : 2);
  parts.push(text.slice(at, end).replaceAll(/\r\n?/g, '\n'));
  return end;
}

/** Returns the text of the escape `found` at `at`; Python keeps an unknown one. */
function escaped(found: string, at: number): string {
  const kind = found[1] as string;
  if (/[xuU]/.test(kind)) {
    const code = found.length > 2 ? Number.parseInt(found.slice(2), 16) : Number.NaN;
    if (Number.isNaN(code) || code > 0x10ffff)
      refuse(`${quoted(found)} has the wrong number of hex digits`, at, found.length);
    return String.fromCodePoint(code);
  }
  if (/[0-7]/.test(kind)) return String.fromCodePoint(Number.parseInt(found.slice(1), 8));
  if (kind === 'N') refuse('Names of characters are not known here: write `\\u` and four hex digits', at, 2);
  return found === '\\\r\n' ? '' : (controls[kind] ?? found);
}
