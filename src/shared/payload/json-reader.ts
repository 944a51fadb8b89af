import {
  type JsonMember,
  type JsonNode,
  lineEnd,
  match,
  readString,
  skipForeignString,
  wordAdvice,
} from './json-syntax.ts';
import { Malformed, type Mistake, maxDepth, quoted } from './problem.ts';

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordPattern = /[\p{L}\p{N}_$+.-]+/uy;
const closers = ']})';

/**
 * Parses a text by RFC 8259, and allows a byte order mark before it. `onMistake` decides what happens at a mistake: if it throws, parsing
 * ends; if it returns, parsing continues after the mistake as a person would, so that further mistakes are found. `onKeys` receives the
 * members of each object, for checks beyond the grammar.
 */
export class JsonReader {
  readonly #text: string;
  readonly #onMistake: (mistake: Mistake) => void;
  readonly #onKeys: ((members: readonly JsonMember[]) => void) | undefined;
  /** The closing characters of the open arrays and objects. */
  readonly #open: string[] = [];
  #at = 0;
  #ended = false;

  constructor(text: string, onMistake: (mistake: Mistake) => void, onKeys?: (members: readonly JsonMember[]) => void) {
    this.#text = text;
    this.#onMistake = onMistake;
    this.#onKeys = onKeys;
  }

  /** Parses the text as one value. */
  document(): JsonNode {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#space();
    if (this.#at >= this.#text.length) {
      this.#report('Empty document');
      return { kind: 'null', at: this.#at, end: this.#at };
    }
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) {
      this.#report(`Unexpected ${this.#found()} after the JSON value: a document is one value`);
      this.#rest();
    }
    return root;
  }

  /** Parses the text after the document, only to find its mistakes. */
  #rest(): void {
    for (this.#space(); this.#at < this.#text.length; this.#space()) {
      if (`${closers},:`.includes(this.#text[this.#at] as string)) this.#at += 1;
      else this.#value(0);
    }
  }

  #report(message: string, at = this.#at, length = 1): void {
    this.#onMistake({ at, length, severity: 'error', message });
  }

  /** Reports once that the text ends too early, and not for each level. */
  #end(expected: string): void {
    if (!this.#ended) this.#report(`Unexpected end: ${expected}`);
    this.#ended = true;
  }

  #space(): void {
    for (; this.#at < this.#text.length; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 32 || code === 10 || code === 13 || code === 9) continue;
      if (code !== 47 && code !== 35) return;
      if (!this.#comment()) return;
    }
  }

  /** Skips a comment of another language up to its last character. */
  #comment(): boolean {
    const at = this.#at;
    const isBlock = this.#text.startsWith('/*', at);
    if (!isBlock && this.#text[at] !== '#' && !this.#text.startsWith('//', at)) return false;
    const close = isBlock ? this.#text.indexOf('*/', at + 2) : lineEnd(this.#text, at);
    const end = close < 0 ? this.#text.length : close + (isBlock ? 2 : 0);
    this.#report('Comment: JSON has no comments', at, end - at);
    this.#at = end - 1;
    return true;
  }

  #found(): string {
    return quoted(String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0));
  }

  #value(depth: number): JsonNode {
    const at = this.#at;
    if (depth > maxDepth) {
      const message = `Values are nested deeper than ${maxDepth} levels`;
      throw new Malformed({ at, length: 1, severity: 'error', message });
    }
    switch (this.#text[at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth, ']');
      case '"':
        this.#at = readString(this.#text, this.#at, this.#onMistake);
        return { kind: 'string', at, end: this.#at };
      case 't':
        return this.#word('true', 'boolean');
      case 'f':
        return this.#word('false', 'boolean');
      case 'n':
        return this.#word('null', 'null');
      case '(':
        this.#report('Unexpected `(`: JSON has no tuples, use `[` and `]`');
        return this.#array(depth, ')');
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonNode {
    const at = this.#at;
    const members: JsonMember[] = [];
    let comma = at;
    this.#begin('}');
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      const member = this.#member(depth);
      if (member) members.push(member);
      if (!this.#more('}', 'object')) return this.#endObject(at, members);
      comma = this.#comma;
    }
    this.#close('}', 'object', members.length > 0 ? comma : undefined);
    return this.#endObject(at, members);
  }

  #endObject(at: number, members: readonly JsonMember[]): JsonNode {
    this.#onKeys?.(members);
    return { kind: 'object', at, end: this.#at, members };
  }

  #member(depth: number): JsonMember | undefined {
    const keyAt = this.#at;
    if (!this.#key()) return undefined;
    const keyEnd = this.#at;
    this.#space();
    const char = this.#text[this.#at];
    if (char === ':') this.#at += 1;
    else if (char === undefined) this.#end('`:` and a value are expected');
    else {
      this.#report(`Unexpected ${this.#found()}: \`:\` is expected after a key`);
      if (char === '=') this.#at += this.#text[this.#at + 1] === '>' ? 2 : 1;
      if (char === ',' || closers.includes(char)) return undefined;
    }
    this.#space();
    return { keyAt, keyEnd, value: this.#value(depth + 1) };
  }

  /** Parses a key; returns false if there is no key. */
  #key(): boolean {
    const at = this.#at;
    const char = this.#text[at] as string;
    if (char === '"') this.#at = readString(this.#text, this.#at, this.#onMistake);
    else if (this.#foreignString('keys')) return true;
    else if (char === ',' || closers.includes(char)) {
      this.#report(`Unexpected ${this.#found()}: a key in double quotes is expected`);
      return false;
    } else {
      const word = match(wordPattern, this.#text, at);
      const length = word.length || this.#unit();
      const found = word === '' ? this.#found() : quoted(word);
      this.#report(`Unexpected ${found}: JSON keys use double quotes`, at, length);
      this.#at += length;
    }
    return true;
  }

  #array(depth: number, close: ']' | ')'): JsonNode {
    const at = this.#at;
    const items: JsonNode[] = [];
    let comma = at;
    this.#begin(close);
    while (this.#at < this.#text.length && this.#text[this.#at] !== close) {
      items.push(this.#value(depth + 1));
      if (!this.#more(close, 'array')) return { kind: 'array', at, end: this.#at, items };
      comma = this.#comma;
    }
    this.#close(close, 'array', items.length > 0 ? comma : undefined);
    return { kind: 'array', at, end: this.#at, items };
  }

  #begin(close: string): void {
    this.#open.push(close);
    this.#at += 1;
    this.#space();
  }

  /** Ends a list without another value: after its opening character, or after a comma at `comma`. */
  #close(close: string, what: string, comma: number | undefined): void {
    this.#open.pop();
    if (this.#at >= this.#text.length) {
      this.#end(`\`${close}\` is expected at the end of this ${what}`);
      return;
    }
    if (comma !== undefined) this.#report(`Trailing comma: JSON allows no comma before \`${close}\``, comma);
    this.#at += 1;
  }

  /** The offset of the comma that `#more` read last. */
  #comma = 0;

  /** Continues after an item of a list: returns true if another one follows, false if the list is closed. */
  #more(close: string, what: string): boolean {
    for (;;) {
      this.#space();
      const char = this.#text[this.#at];
      if (char === ',') {
        this.#comma = this.#at;
        this.#at += 1;
        this.#space();
        return true;
      }
      if (char === undefined) this.#end(`\`,\` or \`${close}\` is expected`);
      else if (char === close) this.#at += 1;
      else if (closers.includes(char)) {
        this.#report(`Unexpected \`${char}\`: this ${what} ends with \`${close}\``);
        // A character that closes an outer level also ends this one; any other was meant for this one.
        if (!this.#open.includes(char)) this.#at += 1;
      } else if (/[\p{L}\p{N}"'“‘`{[(+.-]/u.test(char)) {
        this.#report(`Missing \`,\` before ${this.#found()}`);
        this.#comma = this.#at;
        return true;
      } else {
        this.#report(`Unexpected ${this.#found()}: \`,\` or \`${close}\` is expected`);
        this.#at += this.#unit();
        continue;
      }
      this.#open.pop();
      return false;
    }
  }

  /** Returns the length of the current character. */
  #unit(): number {
    return (this.#text.codePointAt(this.#at) ?? 0) > 0xffff ? 2 : 1;
  }

  #word(word: string, kind: 'boolean' | 'null'): JsonNode {
    const at = this.#at;
    const found = match(wordPattern, this.#text, at);
    if (found !== word) return this.#unexpected();
    this.#at = at + word.length;
    return { kind, at, end: this.#at };
  }

  #number(): JsonNode {
    const at = this.#at;
    const number = match(numberPattern, this.#text, at);
    if (number === '' || match(wordPattern, this.#text, at).length > number.length) return this.#unexpected();
    this.#at = at + number.length;
    return { kind: 'number', at, end: this.#at };
  }

  /** Reports text in place of a value, and skips it unless it ends or separates values. */
  #unexpected(): JsonNode {
    const at = this.#at;
    const char = this.#text[at];
    const word = match(wordPattern, this.#text, at);
    if (char === undefined) this.#end('a value is expected');
    else if (this.#foreignString('strings')) return { kind: 'string', at, end: this.#at };
    else if (word !== '') {
      this.#report(wordAdvice(word), at, word.length);
      this.#at += word.length;
    } else {
      this.#report(`Unexpected ${this.#found()}: a value is expected`);
      if (char !== ',' && !closers.includes(char)) this.#at += this.#unit();
    }
    return { kind: 'null', at, end: this.#at };
  }

  /** Skips a string in the syntax of another language. */
  #foreignString(what: 'strings' | 'keys'): boolean {
    const end = skipForeignString(this.#text, this.#at, what, this.#onMistake);
    if (end === undefined) return false;
    this.#at = end;
    return true;
  }
}
