import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { findOrEnd } from './find.ts';
import type { Ending, Framer } from './framer.ts';
import {
  bang,
  closeBracket,
  dash,
  greaterThan,
  inTag,
  isSpace,
  lessThan,
  question,
  slash,
  startsName,
} from './xml-bytes.ts';
import { DoctypeScanner } from './xml-doctype.ts';

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
 * Creates a framer for consecutive XML documents (XML 1.0, in UTF-8 or another encoding that contains ASCII): each ends with the `>` of
 * the end tag of its root element. White space before a document is the message's head. Only markup that shows where the root element ends is
 * examined: names are not compared and entities not expanded. A byte that cannot be markup makes the document malformed up to the next `<`.
 */
export function createXmlFramer(): Framer {
  let mode = between;
  let head = 0;
  let depth = 0;
  /** Bytes of `-->`, `]]>`, `?>` or of a word after `<!` that the bytes so far match. */
  let matched = 0;
  let word = commentWord;
  /** The quote that ends the current attribute value. */
  let quoted = 0;
  let selfClosing = false;
  /** The mode after the current comment or instruction. */
  let outer = prolog;
  /** Only comments so far, which are also allowed after the last document. */
  let onlyComments = true;
  let problem = '';
  const doctypeScanner = new DoctypeScanner();

  function reset(): void {
    mode = between;
    head = 0;
    depth = 0;
    onlyComments = true;
  }

  function finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, head, 0, 0);
    reset();
  }

  function fail(reason: string): void {
    problem = reason;
    mode = garbage;
  }

  /** Handles an unexpected `<`: the current document is malformed, and another one begins. */
  function restart(boundaries: Boundaries, at: number, reason: string): void {
    boundaries.pushMalformed(at, head, 0, reason);
    reset();
    mode = markup;
  }

  /** Processes the first byte after `<`. */
  function beginMarkup(byte: number): void {
    outer = depth > 0 ? text : prolog;
    matched = 0;
    if (startsName(byte)) {
      mode = startTag;
      selfClosing = false;
      onlyComments = false;
    } else if (byte === slash) {
      if (depth > 0) mode = endTag;
      else fail('an end tag is outside a document');
    } else if (byte === bang) {
      mode = bangWord;
    } else if (byte === question) {
      mode = instruction;
      onlyComments = false;
    } else {
      fail(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<”`);
    }
  }

  function takeBangWord(byte: number): void {
    if (matched === 0) {
      const allowed = depth > 0 ? [commentWord, cdataWord] : [commentWord, doctypeWord];
      word = allowed.find((known) => known[0] === byte) ?? [];
    }
    if (byte !== word[matched]) {
      fail(`the byte ${toHex(Uint8Array.of(byte))} is invalid after “<!”`);
      return;
    }
    matched += 1;
    if (matched < word.length) return;
    matched = 0;
    if (word === commentWord) {
      mode = comment;
    } else if (word === cdataWord) {
      mode = cdata;
    } else {
      mode = doctype;
      doctypeScanner.begin();
      onlyComments = false;
    }
  }

  /** Skips to the end of a comment, CDATA section or instruction: `>` after `needed` times `byte`. */
  function scanUntil(chunk: Uint8Array, from: number, byte: number, needed: number): number {
    const length = chunk.length;
    let at = from;
    while (at < length) {
      const next = chunk[at] as number;
      at += 1;
      if (next === byte) {
        if (matched < needed) matched += 1;
      } else if (next === greaterThan && matched === needed) {
        mode = outer;
        return at;
      } else {
        matched = 0;
        at = findOrEnd(chunk, byte, at);
      }
    }
    return at;
  }

  function scanText(chunk: Uint8Array, from: number): number {
    const at = findOrEnd(chunk, lessThan, from);
    if (at === chunk.length) return at;
    mode = markup;
    return at + 1;
  }

  function scanStartTag(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    while (at < length && inTag[chunk[at] as number] === 0) at += 1;
    if (at > from) selfClosing = chunk[at - 1] === slash;
    if (at === length) return at;
    const byte = chunk[at] as number;
    if (byte === greaterThan) {
      if (!selfClosing) depth += 1;
      if (depth === 0) finish(boundaries, at + 1);
      else mode = text;
    } else if (byte === lessThan) {
      restart(boundaries, at, 'unexpected “<” in a tag');
    } else {
      quoted = byte;
      selfClosing = false;
      mode = attribute;
    }
    return at + 1;
  }

  function scanAttribute(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    const last = quoted;
    let at = from;
    while (at < length && chunk[at] !== last && chunk[at] !== lessThan) at += 1;
    if (at === length) return at;
    if (chunk[at] === last) mode = startTag;
    else restart(boundaries, at, 'unexpected “<” in an attribute value');
    return at + 1;
  }

  function scanEndTag(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    while (at < length && chunk[at] !== greaterThan && chunk[at] !== lessThan) at += 1;
    if (at === length) return at;
    if (chunk[at] === lessThan) {
      restart(boundaries, at, 'unexpected “<” in a tag');
    } else {
      depth -= 1;
      if (depth === 0) finish(boundaries, at + 1);
      else mode = text;
    }
    return at + 1;
  }

  function takeBetween(byte: number, end: number, boundaries: Boundaries): void {
    if (byte === lessThan) {
      mode = markup;
    } else if (!isSpace(byte)) {
      fail(`the byte ${toHex(Uint8Array.of(byte))} does not start an XML document`);
    } else {
      head += 1;
      if (head < maxHead) return;
      head = 0;
      boundaries.push(end, 0, 0, messageFlags.filler);
    }
  }

  function takeProlog(byte: number): void {
    if (byte === lessThan) mode = markup;
    else if (!isSpace(byte)) fail(`the byte ${toHex(Uint8Array.of(byte))} is before the root element`);
  }

  /** Processes the byte before `end` in a mode with few bytes. */
  function takeByte(byte: number, end: number, boundaries: Boundaries): void {
    switch (mode) {
      case between:
        takeBetween(byte, end, boundaries);
        break;
      case prolog:
        takeProlog(byte);
        break;
      case markup:
        beginMarkup(byte);
        break;
      case bangWord:
        takeBangWord(byte);
        break;
      default:
        if (doctypeScanner.take(byte)) mode = prolog;
        else if (doctypeScanner.problem !== '') fail(doctypeScanner.problem);
    }
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      if (mode === text) {
        at = scanText(chunk, at);
      } else if (mode === startTag) {
        at = scanStartTag(chunk, at, boundaries);
      } else if (mode === attribute) {
        at = scanAttribute(chunk, at, boundaries);
      } else if (mode === endTag) {
        at = scanEndTag(chunk, at, boundaries);
      } else if (mode === comment) {
        at = scanUntil(chunk, at, dash, 2);
      } else if (mode === cdata) {
        at = scanUntil(chunk, at, closeBracket, 2);
      } else if (mode === instruction) {
        at = scanUntil(chunk, at, question, 1);
      } else if (mode === garbage) {
        at = chunk.indexOf(lessThan, at);
        if (at < 0) return;
        restart(boundaries, at, problem);
        at += 1;
      } else {
        takeByte(chunk[at] as number, at + 1, boundaries);
        at += 1;
      }
    }
  }

  function end(): Ending {
    const was = { mode, head, isOver: onlyComments && (mode === between || mode === prolog) };
    reset();
    if (was.mode === garbage) return { head: was.head, tail: 0, flags: messageFlags.malformed, problem };
    if (was.isOver) return { head: 0, tail: 0, flags: messageFlags.filler };
    return { head: was.head, tail: 0, flags: messageFlags.incomplete };
  }

  return {
    push,
    end,
    get pendingHead() {
      return head;
    },
    get inside() {
      return !(onlyComments && (mode === between || mode === prolog));
    },
  };
}
