import { parseJson } from './json.ts';
import { match } from './json-syntax.ts';
import { type Checked, Malformed, type Mistake, maxDepth, problemAt, quoted } from './problem.ts';
import { readPythonString } from './python-strings.ts';

const spacePattern = /[ \t\r\n\f]+|\\\r?\n|#[^\r\n]*/y;
const numberPattern = /[\d.][\w.]*(?:(?<=[\d.][eE])[+-]\w+)?/y;
const wordPattern = /[\p{L}\p{N}_]+/uy;
const words: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };
/** A text with more UTF-16 units is not examined: a button must be shown without delay. */
const longestLooked = 512 * 1024;

/** Returns true if `text` is a list, tuple or dict as Python prints it and not JSON, so that `pythonToJson` converts it. */
export function looksLikePythonDict(text: string): boolean {
  if (text.length > longestLooked || !/^\s*[[{(]/.test(text)) return false;
  return pythonToJson(text).ok && !parseJson(text).ok;
}

/**
 * Converts one Python literal to JSON: dict, list, tuple, str with prefixes and escapes, int and float of any size, `True`, `False` and
 * `None`, as `ast.literal_eval` accepts them. Keeps line breaks and the notation of decimal numbers, removes comments. Executes nothing;
 * the depth is limited to `maxDepth`. Bytes, sets and complex numbers, which JSON does not have, are problems.
 */
export function pythonToJson(text: string): Checked<string> {
  try {
    return { ok: true, value: new PythonReader(text).document() };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const { at, message, length } = error.mistake;
    return { ok: false, problem: problemAt(text, at, message, length) };
  }
}

class PythonReader {
  readonly #text: string;
  readonly #parts: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): string {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#space();
    this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#refuse(`Unexpected ${this.#found()} after the value`);
    return this.#parts.join('');
  }

  #refuse(message: string, at = this.#at, length = 1): never {
    const mistake: Mistake = { at, length, severity: 'error', message };
    throw new Malformed(mistake);
  }

  #found(): string {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? 'end' : quoted(String.fromCodePoint(code));
  }

  /** Copies white space, without comments and joined lines, which are not white space of JSON. */
  #space(): void {
    for (;;) {
      const space = match(spacePattern, this.#text, this.#at);
      if (space === '') return;
      this.#at += space.length;
      if (space[0] !== '#') this.#parts.push(space.replaceAll(/[\f\\]/g, ''));
    }
  }

  #value(depth: number): void {
    if (depth > maxDepth) this.#refuse(`Values are nested deeper than ${maxDepth} levels`);
    switch (this.#text[this.#at]) {
      case '{':
        this.#dict(depth);
        break;
      case '[':
        this.#list(depth, ']');
        break;
      case '(':
        this.#parenthesis(depth);
        break;
      default:
        this.#scalar(false);
    }
  }

  /** Reads the comma after an item; returns false if the list ends with `close`. Drops a trailing comma. */
  #more(close: string): boolean {
    this.#space();
    if (this.#text[this.#at] === ',') {
      const comma = this.#parts.push('') - 1;
      this.#at += 1;
      this.#space();
      if (this.#text[this.#at] !== close) this.#parts[comma] = ',';
      else return this.#end(close);
      return true;
    }
    return this.#end(close);
  }

  #end(close: string): false {
    if (this.#text[this.#at] !== close) this.#refuse(`Unexpected ${this.#found()}: \`,\` or \`${close}\` is expected`);
    this.#at += 1;
    return false;
  }

  #list(depth: number, close: string): void {
    this.#at += 1;
    this.#parts.push('[');
    this.#space();
    if (this.#text[this.#at] === close) this.#at += 1;
    else {
      do this.#value(depth + 1);
      while (this.#more(close));
    }
    this.#parts.push(']');
  }

  /** Parses `(1)`, which is 1, or `(1,)` or `()`, which are tuples: the character after the first item decides. */
  #parenthesis(depth: number): void {
    const open = this.#parts.push('[') - 1;
    this.#at += 1;
    this.#space();
    let isTuple = this.#text[this.#at] === ')';
    if (isTuple) this.#at += 1;
    else {
      this.#value(depth + 1);
      this.#space();
      isTuple = this.#text[this.#at] === ',';
      for (let more = this.#more(')'); more; more = this.#more(')')) this.#value(depth + 1);
    }
    if (isTuple) this.#parts.push(']');
    else this.#parts[open] = '';
  }

  #dict(depth: number): void {
    this.#at += 1;
    this.#parts.push('{');
    this.#space();
    if (this.#text[this.#at] === '}') this.#at += 1;
    else {
      do {
        if ('{[('.includes(this.#text[this.#at] ?? ' ')) this.#refuse('A JSON key is text, not a list or a dict');
        this.#scalar(true);
        this.#space();
        const found = this.#text[this.#at];
        if (found === ',' || found === '}') this.#refuse('This is a set: JSON has only arrays and objects');
        if (found !== ':') this.#refuse(`Unexpected ${this.#found()}: \`:\` is expected after a key`);
        this.#at += 1;
        this.#parts.push(':');
        this.#space();
        this.#value(depth + 1);
      } while (this.#more('}'));
    }
    this.#parts.push('}');
  }

  /** Copies a str, a number or a constant; a key becomes text, as in `json.dumps`. */
  #scalar(isKey: boolean): void {
    const at = this.#at;
    const string = readPythonString(this.#text, at);
    if (string) {
      this.#at = string.end;
      this.#parts.push(JSON.stringify(string.value));
      return;
    }
    const sign = /[+-]/.test(this.#text[at] ?? '') ? (this.#text[at] as string) : '';
    this.#at += match(/[+-]?[ \t]*/y, this.#text, at).length;
    const found = match(numberPattern, this.#text, this.#at);
    const word = match(wordPattern, this.#text, this.#at);
    const number = word.length <= found.length ? jsonNumber(found, sign === '-') : undefined;
    const constant = sign === '' && Object.hasOwn(words, word) ? words[word] : undefined;
    const json = number ?? constant;
    if (json === undefined) this.#refuseWord(word);
    this.#at += number === undefined ? word.length : found.length;
    this.#parts.push(isKey ? `"${json}"` : json);
  }

  #refuseWord(word: string): never {
    if (word === '') this.#refuse(`Unexpected ${this.#found()}: a value is expected`);
    if (/^\d.*[jJ]$/.test(word))
      this.#refuse(`${quoted(word)} is a complex number: JSON has none`, this.#at, word.length);
    this.#refuse(`Unexpected ${quoted(word)}: only Python literals can be converted`, this.#at, word.length);
  }
}

/** A number in another base with more digits is not converted: the time grows with the square. */
const longestConverted = 4_000;

/** Returns the number `found` in the notation of JSON; `undefined` if it is invalid in Python. */
function jsonNumber(found: string, isNegative: boolean): string | undefined {
  if (/__|_$|_[^\da-fA-F]|^_/.test(found)) return undefined;
  const digits = found.replaceAll('_', '');
  const signed = (integer: string) => (isNegative && integer !== '0' ? `-${integer}` : integer);
  if (/^0(?:x[\da-f]+|o[0-7]+|b[01]+)$/i.test(digits)) {
    return digits.length > longestConverted ? undefined : signed(BigInt(digits).toString());
  }
  if (!/^\d[\d_]*(?:[.eE]|$)|^\.\d/.test(found) || /[.eE+-]_|_[.eE]/.test(found)) return undefined;
  const [, whole, fraction, exponent] = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(digits) ?? [];
  if (whole === undefined) return undefined;
  const isInteger = fraction === undefined && exponent === undefined;
  if (isInteger && /^0+[1-9]/.test(whole)) return undefined;
  const first = whole.replace(/^0+(?=\d)/, '') || '0';
  if (isInteger) return signed(first);
  const sign = isNegative ? '-' : '';
  return `${sign}${first}${fraction === undefined ? '' : `.${fraction || '0'}`}${exponent === undefined ? '' : `e${exponent}`}`;
}
