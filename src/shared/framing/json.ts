import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { type Ending, type Framer, findOrEnd } from './framer.ts';

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const comma = 0x2c;
const openArray = 0x5b;
const closeArray = 0x5d;
const maxHead = 255;

// The meaning of a byte between values; 0 is any other.
const space = 1;
const open = 2;
const close = 3;
const string = 4;
const scalar = 5;

const classes = new Uint8Array(256);
// White space of RFC 8259, and the record separator of RFC 7464 (JSON text sequences).
for (const byte of [0x20, 0x09, 0x0a, 0x0d, 0x1e]) classes[byte] = space;
for (const char of '{[') classes[char.charCodeAt(0)] = open;
for (const char of '}]') classes[char.charCodeAt(0)] = close;
classes[quote] = string;
for (const char of '+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') {
  classes[char.charCodeAt(0)] = scalar;
}
// The bytes with a meaning inside brackets, and those with a meaning inside a string.
const structural = new Uint8Array(256);
for (const char of '{}[]"') structural[char.charCodeAt(0)] = classes[char.charCodeAt(0)] as number;

/** The byte order mark of UTF-8. */
const mark = [0xef, 0xbb, 0xbf];

const words = ['true', 'false', 'null'];

function isNumber(scalarStart: string): boolean {
  return /^[-0-9]/.test(scalarStart);
}

const between = 0;
const nested = 1;
const nestedString = 2;
const topString = 3;
const inScalar = 4;
const garbage = 5;

/**
 * A framer for consecutive JSON values (RFC 8259) with any white space between them: concatenated, NDJSON or JSON text
 * sequences. White space and a byte order mark before a value are the message's head. A value ends with its closing bracket or quote; a
 * number or a word ends before the next byte that cannot belong to it. Bytes that do not start a value are one malformed message, up to
 * the end of the line or the next bracket. The content of brackets is not validated.
 *
 * With `elements`, it frames the elements of consecutive arrays: brackets of the arrays and commas belong to the head of the following
 * element. Bytes that do not start an element are one malformed message, up to the end of the line, the next comma or the end of the
 * array; outside arrays, up to the end of the line or the next array.
 */
export class JsonFramer implements Framer {
  readonly #elements: boolean;
  #mode = between;
  #head = 0;
  #depth = 0;
  #escaped = false;
  /** Between the brackets of an array whose elements are the messages. */
  #inArray = false;
  // The start of a word or number, to distinguish `true` from `trust`.
  #word = '';
  #garbageStart = 0;
  /** Bytes of a byte order mark directly before the current byte. */
  #marked = 0;

  constructor(elements: boolean) {
    this.#elements = elements;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      const mode = this.#mode;
      if (mode === nested) at = this.#scanNested(chunk, at, boundaries);
      else if (mode === nestedString || mode === topString) at = this.#takeString(chunk, at, boundaries);
      else if (mode === between) at = this.#takeBetween(chunk[at] as number, at, boundaries);
      else if (mode === inScalar) at = this.#scanScalar(chunk, at, boundaries);
      else at = this.#scanGarbage(chunk, at, boundaries);
    }
  }

  end(): Ending {
    if (this.#marked > 0) this.#begin(mark[0] as number);
    const was = this.#mode;
    const problem = was === inScalar ? this.#scalarProblem() : was === garbage ? this.#garbageProblem() : '';
    const ending: Ending = {
      head: was === between ? 0 : this.#head,
      tail: 0,
      flags: was === between ? messageFlags.filler : was === inScalar ? 0 : messageFlags.incomplete,
    };
    this.#head = 0;
    this.#mode = between;
    this.#inArray = false;
    this.#escaped = false;
    this.#marked = 0;
    return problem === '' ? ending : { ...ending, flags: messageFlags.malformed, problem };
  }

  get pendingHead(): number {
    return this.#head;
  }

  get inside(): boolean {
    return this.#mode !== between;
  }

  #finish(boundaries: Boundaries, end: number, problem: string): void {
    if (problem === '') boundaries.push(end, this.#head, 0, 0);
    else boundaries.pushMalformed(end, this.#head, 0, problem);
    this.#head = 0;
    this.#mode = between;
  }

  #begin(byte: number): void {
    const kind = this.#elements && !this.#inArray ? 0 : classes[byte];
    if (kind === open) {
      this.#depth = 1;
      this.#mode = nested;
    } else if (kind === string) {
      this.#escaped = false;
      this.#mode = topString;
    } else if (kind === scalar) {
      this.#word = '';
      this.#mode = inScalar;
      this.#takeScalar(byte);
    } else {
      this.#beginGarbage(byte);
    }
  }

  /** Processes a byte between values; returns the offset of the next byte. */
  #takeBetween(byte: number, at: number, boundaries: Boundaries): number {
    if (this.#marked > 0 && byte !== mark[this.#marked]) {
      // It was not a byte order mark, so its first bytes do not start a value.
      this.#marked = 0;
      this.#beginGarbage(mark[0] as number);
      return at;
    }
    if (!this.#isHead(byte)) {
      this.#begin(byte);
      return at + 1;
    }
    this.#head += 1;
    if (this.#head === maxHead) {
      this.#head = 0;
      boundaries.push(at + 1, 0, 0, messageFlags.filler);
    }
    return at + 1;
  }

  #beginGarbage(byte: number): void {
    this.#garbageStart = byte;
    this.#word = '';
    this.#mode = garbage;
  }

  /** Reads a number or a word; returns the offset of the next byte. */
  #scanScalar(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    let at = from;
    while (at < chunk.length && this.#mode === inScalar) {
      const byte = chunk[at] as number;
      if (classes[byte] !== scalar) {
        this.#finish(boundaries, at, this.#scalarProblem());
        return at;
      }
      this.#takeScalar(byte);
      at += 1;
    }
    return at;
  }

  #takeScalar(byte: number): void {
    if (this.#word.length > 5) return;
    this.#word += String.fromCharCode(byte);
    if (!isNumber(this.#word) && !words.some((known) => known.startsWith(this.#word))) this.#mode = garbage;
  }

  #scalarProblem(): string {
    return isNumber(this.#word) || words.includes(this.#word) ? '' : `“${this.#word}” is not a JSON value`;
  }

  #garbageProblem(): string {
    if (this.#word !== '') return `“${this.#word}” does not start a JSON value`;
    const place = this.#elements && !this.#inArray ? 'JSON array' : 'JSON value';
    return `the byte ${toHex(Uint8Array.of(this.#garbageStart))} does not start a ${place}`;
  }

  /** Processes a byte between values that does not begin one; returns true if it belongs to the head of the next one. */
  #isHead(byte: number): boolean {
    if (classes[byte] === space) return true;
    if (byte === mark[this.#marked]) {
      this.#marked = (this.#marked + 1) % mark.length;
      return true;
    }
    if (!this.#elements) return false;
    if (!this.#inArray) {
      if (byte !== openArray) return false;
      this.#inArray = true;
      return true;
    }
    if (byte === closeArray) this.#inArray = false;
    return byte === comma || byte === closeArray;
  }

  /** Skips bytes that do not start a value; returns the offset of the next byte. */
  #scanGarbage(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      const isNewline = byte === newline;
      if (!isNewline && !this.#endsGarbage(byte)) continue;
      const end = isNewline ? at + 1 : at;
      this.#finish(boundaries, end, this.#garbageProblem());
      return end;
    }
    return chunk.length;
  }

  /** Returns true if malformed bytes end before `byte`. */
  #endsGarbage(byte: number): boolean {
    if (!this.#elements) return classes[byte] === open;
    return this.#inArray ? byte === comma || byte === closeArray : byte === openArray;
  }

  /** Scans inside brackets; returns the offset of the end of the value, or the chunk's length. */
  #scanNested(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    let level = this.#depth;
    while (at < length) {
      const kind = structural[chunk[at] as number] as number;
      at += 1;
      if (kind === 0) continue;
      if (kind === open) {
        level += 1;
      } else if (kind === close) {
        level -= 1;
        if (level > 0) continue;
        this.#finish(boundaries, at, '');
        return at;
      } else {
        at = this.#scanString(chunk, at) + 1;
        if (at <= length) continue;
        this.#mode = nestedString;
        this.#depth = level;
        return length;
      }
    }
    this.#depth = level;
    return at;
  }

  /** Reads a string; returns the offset after its quote, or one above the chunk's length. */
  #takeString(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const end = this.#scanString(chunk, from) + 1;
    if (end > chunk.length) return end;
    if (this.#mode === topString) this.#finish(boundaries, end, '');
    else this.#mode = nested;
    return end;
  }

  /** Returns the offset of the quote that ends the current string, or the chunk's length. */
  #scanString(chunk: Uint8Array, from: number): number {
    const length = chunk.length;
    const start = this.#escaped ? from + 1 : from;
    this.#escaped = false;
    let at = start;
    while (at < length) {
      const end = findOrEnd(chunk, quote, at);
      if (end === start || chunk[end - 1] !== backslash) return end;
      // A quote after an odd number of backslashes does not end the string. A run precedes only one quote, so this is linear.
      let run = end - 1;
      while (run > start && chunk[run - 1] === backslash) run -= 1;
      const isEscaped = ((end - run) & 1) === 1;
      if (end === length) this.#escaped = isEscaped;
      if (end === length || !isEscaped) return end;
      at = end + 1;
    }
    return length;
  }
}

const nothing = new Uint8Array(0);
const lineFeed = Uint8Array.of(newline);

/** Returns what must follow `body` so that a reader can detect its end: a line feed after a number or a word. */
export function jsonTail(body: Uint8Array): Uint8Array {
  const last = body.at(-1);
  const ended = last === undefined || classes[last] === close || last === quote || last <= 0x20;
  return ended ? nothing : lineFeed;
}
