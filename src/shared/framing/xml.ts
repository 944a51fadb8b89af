import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { type Ending, type Framer, fillerEnding, findOrEnd } from './framer.ts';
import {
  bang,
  closeBracket,
  DoctypeScanner,
  dash,
  greaterThan,
  inTag,
  isSpace,
  lessThan,
  question,
  slash,
  startsName,
} from './xml-markup.ts';

const maxHead = 255;

// The place of the next byte in a document.
const between = 0;
/** Outside the root element: before it, after a declaration or a comment. */
const prolog = 1;
const text = 2;
const markup = 3;
const startTag = 4;
const attribute = 5;
const endTag = 6;
const instruction = 7;
const comment = 8;
const cdata = 9;
/** After `<!`: one of the three words that are allowed there. */
const bangWord = 10;
const doctype = 11;
const garbage = 12;

const bytesOf = (word: string) => Array.from(word, (char) => char.charCodeAt(0));
const commentWord = bytesOf('--');
const cdataWord = bytesOf('[CDATA[');
const doctypeWord = bytesOf('DOCTYPE');

/**
 * A framer for consecutive XML documents (XML 1.0, in UTF-8 or another encoding that contains ASCII): each ends with the `>` of
 * the end tag of its root element. White space before a document is the message's head. Only markup that shows where the root element ends is
 * examined: names are not compared and entities not expanded. A byte that cannot be markup makes the document malformed up to the next `<`.
 */
export class XmlFramer implements Framer {
  #mode = between;
  #head = 0;
  #depth = 0;
  /** Bytes of `-->`, `]]>`, `?>` or of a word after `<!` that the bytes so far match. */
  #matched = 0;
  #word = commentWord;
  /** The quote that ends the current attribute value. */
  #quoted = 0;
  #selfClosing = false;
  /** The mode after the current comment or instruction. */
  #outer = prolog;
  /** Only comments so far, which are also allowed after the last document. */
  #onlyComments = true;
  #problem = '';
  readonly #doctypeScanner = new DoctypeScanner();

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      if (this.#mode === text) {
        at = this.#scanText(chunk, at);
      } else if (this.#mode === startTag) {
        at = this.#scanStartTag(chunk, at, boundaries);
      } else if (this.#mode === attribute) {
        at = this.#scanAttribute(chunk, at, boundaries);
      } else if (this.#mode === endTag) {
        at = this.#scanEndTag(chunk, at, boundaries);
      } else if (this.#mode === comment) {
        at = this.#scanUntil(chunk, at, dash, 2);
      } else if (this.#mode === cdata) {
        at = this.#scanUntil(chunk, at, closeBracket, 2);
      } else if (this.#mode === instruction) {
        at = this.#scanUntil(chunk, at, question, 1);
      } else if (this.#mode === garbage) {
        at = this.#scanGarbage(chunk, at, boundaries);
      } else {
        this.#takeByte(chunk[at] as number, at + 1, boundaries);
        at += 1;
      }
    }
  }

  end(): Ending {
    const was = {
      mode: this.#mode,
      head: this.#head,
      isOver: this.#onlyComments && (this.#mode === between || this.#mode === prolog),
    };
    this.#reset();
    if (was.mode === garbage) return { head: was.head, tail: 0, flags: messageFlags.malformed, problem: this.#problem };
    if (was.isOver) return fillerEnding;
    return { head: was.head, tail: 0, flags: messageFlags.incomplete };
  }

  get pendingHead(): number {
    return this.#head;
  }

  get inside(): boolean {
    return !(this.#onlyComments && (this.#mode === between || this.#mode === prolog));
  }

  #reset(): void {
    this.#mode = between;
    this.#head = 0;
    this.#depth = 0;
    this.#onlyComments = true;
  }

  #finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, this.#head, 0, 0);
    this.#reset();
  }

  #fail(reason: string): void {
    this.#problem = reason;
    this.#mode = garbage;
  }

  /** Handles an unexpected `<`: the current document is malformed, and another one begins. */
  #restart(boundaries: Boundaries, at: number, reason: string): void {
    boundaries.pushMalformed(at, this.#head, 0, reason);
    this.#reset();
    this.#mode = markup;
  }

  /** Processes the first byte after `<`. */
  #beginMarkup(byte: number): void {
    this.#outer = this.#depth > 0 ? text : prolog;
    this.#matched = 0;
    if (startsName(byte)) {
      this.#mode = startTag;
      this.#selfClosing = false;
      this.#onlyComments = false;
    } else if (byte === slash) {
      if (this.#depth > 0) this.#mode = endTag;
      else this.#fail('an end tag is outside a document');
    } else if (byte === bang) {
      this.#mode = bangWord;
    } else if (byte === question) {
      this.#mode = instruction;
      this.#onlyComments = false;
    } else {
      this.#fail(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<”`);
    }
  }

  #takeBangWord(byte: number): void {
    if (this.#matched === 0) {
      const allowed = this.#depth > 0 ? [commentWord, cdataWord] : [commentWord, doctypeWord];
      this.#word = allowed.find((known) => known[0] === byte) ?? [];
    }
    if (byte !== this.#word[this.#matched]) {
      this.#fail(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<!”`);
      return;
    }
    this.#matched += 1;
    if (this.#matched < this.#word.length) return;
    this.#matched = 0;
    if (this.#word === commentWord) {
      this.#mode = comment;
    } else if (this.#word === cdataWord) {
      this.#mode = cdata;
    } else {
      this.#mode = doctype;
      this.#doctypeScanner.begin();
      this.#onlyComments = false;
    }
  }

  /** Skips to the end of a comment, CDATA section or instruction: `>` after `needed` times `byte`. */
  #scanUntil(chunk: Uint8Array, from: number, byte: number, needed: number): number {
    const length = chunk.length;
    let at = from;
    while (at < length) {
      const next = chunk[at] as number;
      at += 1;
      if (next === byte) {
        if (this.#matched < needed) this.#matched += 1;
      } else if (next === greaterThan && this.#matched === needed) {
        this.#mode = this.#outer;
        return at;
      } else {
        this.#matched = 0;
        at = findOrEnd(chunk, byte, at);
      }
    }
    return at;
  }

  #scanText(chunk: Uint8Array, from: number): number {
    const at = findOrEnd(chunk, lessThan, from);
    if (at === chunk.length) return at;
    this.#mode = markup;
    return at + 1;
  }

  #scanStartTag(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    while (at < length && inTag[chunk[at] as number] === 0) at += 1;
    if (at > from) this.#selfClosing = chunk[at - 1] === slash;
    if (at === length) return at;
    const byte = chunk[at] as number;
    if (byte === greaterThan) {
      if (!this.#selfClosing) this.#depth += 1;
      if (this.#depth === 0) this.#finish(boundaries, at + 1);
      else this.#mode = text;
    } else if (byte === lessThan) {
      this.#restart(boundaries, at, 'unexpected “<” in a tag');
    } else {
      this.#quoted = byte;
      this.#selfClosing = false;
      this.#mode = attribute;
    }
    return at + 1;
  }

  #scanAttribute(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    const last = this.#quoted;
    let at = from;
    while (at < length && chunk[at] !== last && chunk[at] !== lessThan) at += 1;
    if (at === length) return at;
    if (chunk[at] === last) this.#mode = startTag;
    else this.#restart(boundaries, at, 'unexpected “<” in an attribute value');
    return at + 1;
  }

  #scanEndTag(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    while (at < length && chunk[at] !== greaterThan && chunk[at] !== lessThan) at += 1;
    if (at === length) return at;
    if (chunk[at] === lessThan) {
      this.#restart(boundaries, at, 'unexpected “<” in a tag');
    } else {
      this.#depth -= 1;
      if (this.#depth === 0) this.#finish(boundaries, at + 1);
      else this.#mode = text;
    }
    return at + 1;
  }

  #scanGarbage(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = findOrEnd(chunk, lessThan, from);
    if (at === chunk.length) return at;
    this.#restart(boundaries, at, this.#problem);
    return at + 1;
  }

  #takeBetween(byte: number, end: number, boundaries: Boundaries): void {
    if (byte === lessThan) {
      this.#mode = markup;
    } else if (!isSpace(byte)) {
      this.#fail(`the byte ${toHex(Uint8Array.of(byte))} does not start an XML document`);
    } else {
      this.#head += 1;
      if (this.#head < maxHead) return;
      this.#head = 0;
      boundaries.push(end, 0, 0, messageFlags.filler);
    }
  }

  #takeProlog(byte: number): void {
    if (byte === lessThan) this.#mode = markup;
    else if (!isSpace(byte)) this.#fail(`the byte ${toHex(Uint8Array.of(byte))} is before the root element`);
  }

  /** Processes the byte before `end` in a mode with few bytes. */
  #takeByte(byte: number, end: number, boundaries: Boundaries): void {
    switch (this.#mode) {
      case between:
        this.#takeBetween(byte, end, boundaries);
        break;
      case prolog:
        this.#takeProlog(byte);
        break;
      case markup:
        this.#beginMarkup(byte);
        break;
      case bangWord:
        this.#takeBangWord(byte);
        break;
      default:
        if (this.#doctypeScanner.take(byte)) this.#mode = prolog;
        else if (this.#doctypeScanner.problem !== '') this.#fail(this.#doctypeScanner.problem);
    }
  }
}
