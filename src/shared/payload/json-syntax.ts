import { type Mistake, quoted } from './problem.ts';

/**
 * A JSON value with its place in the text, `[at, end)`. Nothing is converted: numbers keep every digit, and an object keeps its members
 * in order, duplicate keys included, so that a view or a new layout shows what was sent.
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

/** Words of other languages, and their counterparts in JSON. */
const replacements: Readonly<Record<string, string>> = {
  True: 'uses `true`',
  TRUE: 'uses `true`',
  False: 'uses `false`',
  FALSE: 'uses `false`',
  None: 'uses `null`',
  Null: 'uses `null`',
  NULL: 'uses `null`',
  nil: 'uses `null`',
  undefined: 'has no undefined value, use `null`',
};

const notNumbers = /^[+-]?(?:nan|inf(?:inity)?)$/i;
/** Returns the message about `word` in place of a JSON value. */
export function wordAdvice(word: string): string {
  const replacement = Object.hasOwn(replacements, word) ? replacements[word] : undefined;
  if (replacement !== undefined) return `Unexpected ${quoted(word)}: JSON ${replacement}`;
  if (notNumbers.test(word))
    return `Unexpected ${quoted(word)}: JSON has no NaN and no infinity, use \`null\` or a string`;
  if (/^[+-]?\.?\d/.test(word) || /^-/.test(word)) return numberAdvice(word);
  return `Unexpected ${quoted(word)}: text in JSON needs double quotes`;
}

function numberAdvice(word: string): string {
  const wrong = `${quoted(word)} is not a JSON number`;
  if (/^\+/.test(word)) return `${wrong}: it begins with \`+\``;
  if (/^-?0[xob]/i.test(word)) return `${wrong}: only decimal digits are allowed`;
  if (/^-?0\d/.test(word)) return `${wrong}: it begins with a superfluous zero`;
  if (/^-?\d[\d.]*_/.test(word)) return `${wrong}: it contains \`_\``;
  if (/^-?\./.test(word) || /^-?\d+\.(?!\d)/.test(word))
    return `${wrong}: digits are expected on both sides of the point`;
  return wrong;
}

type Report = (mistake: Mistake) => void;

const stringRun = /[^"\\\u0000-\u001f]*/y;
const prefixPattern = /[bBuUrRfF]{1,2}(?=["'])/y;
const closingQuotes: Readonly<Record<string, string>> = { "'": "'", '`': '`', '“': '”', '”': '”', '‘': '’', '’': '’' };

/** Returns the match of the sticky `pattern` at `at`; empty without one. */
export function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** Returns the offset of the end of the line that contains `at`: its line break or the end of the text. */
export function lineEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end += 1) if (text[end] === '\n' || text[end] === '\r') return end;
  return text.length;
}

/** Parses the JSON string with its opening quote at `at`. Returns the offset of its end, or after a mistake, where to continue. */
export function readString(text: string, at: number, report: Report): number {
  for (let here = at + 1; ; ) {
    stringRun.lastIndex = here;
    stringRun.exec(text);
    here = stringRun.lastIndex;
    const char = text[here];
    if (char === '"') return here + 1;
    if (char === '\\') here = readEscape(text, here, report);
    else if (char === undefined || (isLineBreak(char) && !stringGoesOn(text, here))) {
      report(mistake(at, 1, 'Missing `"`: this string has no closing quote'));
      return here;
    } else {
      report(mistake(here, 1, 'A control character in a string must be escaped (`\\n`, `\\t`, `\\u0000` …)'));
      here += char === '\r' && text[here + 1] === '\n' ? 2 : 1;
    }
  }
}

function readEscape(text: string, at: number, report: Report): number {
  const next = text[at + 1];
  if (next === 'u') {
    const isEscape = /^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6));
    if (!isEscape) report(mistake(at, 2, '`\\u` needs four hex digits'));
    return at + (isEscape ? 6 : 2);
  }
  if (next !== undefined && '"\\/bfnrt'.includes(next)) return at + 2;
  const advice = next === "'" ? "write `'`" : 'a backslash is written `\\\\`';
  report(mistake(at, 2, `${quoted(`\\${next ?? ''}`)} is not an escape of JSON: ${advice}`));
  return at + (next !== undefined && next >= ' ' ? 2 : 1);
}

/**
 * Skips a string in the syntax of another language, with other quotes or a letter before them, and reports it. Returns the offset of its
 * end; `undefined` if no such string begins at `at`.
 */
export function skipForeignString(
  text: string,
  at: number,
  what: 'strings' | 'keys',
  report: Report,
): number | undefined {
  const prefix = match(prefixPattern, text, at);
  const quote = text[at + prefix.length] ?? '';
  const close = quote === '"' && prefix !== '' ? quote : closingQuotes[quote];
  if (close === undefined) return undefined;
  const length = prefix.length + 1;
  const advice = prefix === '' ? `JSON ${what} use double quotes` : `JSON ${what} have no prefix`;
  report(mistake(at, length, `Unexpected ${quoted(text.slice(at, at + length))}: ${advice}`));
  let end = at + length;
  const stop = lineEnd(text, end);
  while (end < stop && text[end] !== close) end += text[end] === '\\' ? 2 : 1;
  return Math.min(text[end] === close ? end + 1 : end, text.length);
}

function mistake(at: number, length: number, message: string): Mistake {
  return { at, length, severity: 'error', message };
}

function isLineBreak(char: string): boolean {
  return char === '\n' || char === '\r';
}

/** Returns whether a string with a line break at `at` was meant to continue: the next line has an odd number of quotes. */
function stringGoesOn(text: string, at: number): boolean {
  const start = at + (text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1);
  const end = lineEnd(text, start);
  let quotes = 0;
  for (let index = start; index < end; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') quotes += 1;
  }
  return quotes % 2 === 1;
}
