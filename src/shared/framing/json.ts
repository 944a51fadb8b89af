import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { findOrEnd } from './find.ts';
import type { Ending, Framer } from './framer.ts';

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
 * Creates a framer for consecutive JSON values (RFC 8259) with any white space between them: concatenated, NDJSON or JSON text
 * sequences. White space and a byte order mark before a value are the message's head. A value ends with its closing bracket or quote; a
 * number or a word ends before the next byte that cannot belong to it. Bytes that do not start a value are one malformed message, up to
 * the end of the line or the next bracket. The content of brackets is not validated.
 *
 * With `elements`, it frames the elements of consecutive arrays: brackets of the arrays and commas belong to the head of the following
 * element. Bytes that do not start an element are one malformed message, up to the end of the line, the next comma or the end of the
 * array; outside arrays, up to the end of the line or the next array.
 */
export function createJsonFramer(elements: boolean): Framer {
  let mode = between;
  let head = 0;
  let depth = 0;
  let escaped = false;
  /** Between the brackets of an array whose elements are the messages. */
  let inArray = false;
  // The start of a word or number, to distinguish `true` from `trust`.
  let word = '';
  let garbageStart = 0;
  /** Bytes of a byte order mark directly before the current byte. */
  let marked = 0;

  function finish(boundaries: Boundaries, end: number, problem: string): void {
    if (problem === '') boundaries.push(end, head, 0, 0);
    else boundaries.pushMalformed(end, head, 0, problem);
    head = 0;
    mode = between;
  }

  function begin(byte: number): void {
    const kind = elements && !inArray ? 0 : classes[byte];
    if (kind === open) {
      depth = 1;
      mode = nested;
    } else if (kind === string) {
      escaped = false;
      mode = topString;
    } else if (kind === scalar) {
      word = '';
      mode = inScalar;
      takeScalar(byte);
    } else {
      garbageStart = byte;
      word = '';
      mode = garbage;
    }
  }

  function takeScalar(byte: number): void {
    if (word.length > 5) return;
    word += String.fromCharCode(byte);
    if (!isNumber(word) && !words.some((known) => known.startsWith(word))) mode = garbage;
  }

  function scalarProblem(): string {
    return isNumber(word) || words.includes(word) ? '' : `“${word}” is not a JSON value`;
  }

  function garbageProblem(): string {
    if (word !== '') return `“${word}” does not start a JSON value`;
    const place = elements && !inArray ? 'JSON array' : 'JSON value';
    return `the byte ${toHex(Uint8Array.of(garbageStart))} does not start a ${place}`;
  }

  /** Processes a byte between values that does not begin one; returns true if it belongs to the head of the next one. */
  function isHead(byte: number): boolean {
    if (classes[byte] === space) return true;
    if (byte === mark[marked]) {
      marked = (marked + 1) % mark.length;
      return true;
    }
    if (!elements) return false;
    if (!inArray) {
      if (byte !== openArray) return false;
      inArray = true;
      return true;
    }
    if (byte === closeArray) inArray = false;
    return byte === comma || byte === closeArray;
  }

  /** Returns true if malformed bytes end before `byte`. */
  function endsGarbage(byte: number): boolean {
    if (!elements) return classes[byte] === open;
    return inArray ? byte === comma || byte === closeArray : byte === openArray;
  }

  /** Scans inside brackets; returns the offset of the end of the value, or the chunk's length. */
  function scanNested(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    let level = depth;
    while (at < length) {
      const kind = structural[chunk[at] as number] as number;
      at += 1;
      if (kind === 0) continue;
      if (kind === open) {
        level += 1;
      } else if (kind === close) {
        level -= 1;
        if (level > 0) continue;
        finish(boundaries, at, '');
        return at;
      } else {
        at = scanString(chunk, at) + 1;
        if (at <= length) continue;
        mode = nestedString;
        depth = level;
        return length;
      }
    }
    depth = level;
    return at;
  }

  /** Returns the offset of the quote that ends the current string, or the chunk's length. */
  function scanString(chunk: Uint8Array, from: number): number {
    const length = chunk.length;
    const start = escaped ? from + 1 : from;
    escaped = false;
    let at = start;
    while (at < length) {
      const end = findOrEnd(chunk, quote, at);
      if (end === start || chunk[end - 1] !== backslash) return end;
      // A quote after an odd number of backslashes does not end the string. A run precedes only one quote, so this is linear.
      let run = end - 1;
      while (run > start && chunk[run - 1] === backslash) run -= 1;
      const isEscaped = ((end - run) & 1) === 1;
      if (end === length) escaped = isEscaped;
      if (end === length || !isEscaped) return end;
      at = end + 1;
    }
    return length;
  }

  function push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) {
      if (mode === nested) {
        at = scanNested(chunk, at, boundaries);
        continue;
      }
      if (mode === nestedString || mode === topString) {
        at = scanString(chunk, at) + 1;
        if (at > length) return;
        if (mode === topString) finish(boundaries, at, '');
        else mode = nested;
        continue;
      }
      const byte = chunk[at] as number;
      if (mode === between) {
        if (marked > 0 && byte !== mark[marked]) {
          // It was not a byte order mark, so its first bytes do not start a value.
          marked = 0;
          garbageStart = mark[0] as number;
          word = '';
          mode = garbage;
          continue;
        }
        if (isHead(byte)) {
          head += 1;
          if (head === maxHead) {
            head = 0;
            boundaries.push(at + 1, 0, 0, messageFlags.filler);
          }
        } else {
          begin(byte);
        }
        at += 1;
      } else if (mode === inScalar) {
        if (classes[byte] === scalar) {
          takeScalar(byte);
          at += 1;
        } else {
          finish(boundaries, at, scalarProblem());
        }
      } else if (byte === newline) {
        at += 1;
        finish(boundaries, at, garbageProblem());
      } else if (endsGarbage(byte)) {
        finish(boundaries, at, garbageProblem());
      } else {
        at += 1;
      }
    }
  }

  function end(): Ending {
    if (marked > 0) begin(mark[0] as number);
    const was = mode;
    const problem = was === inScalar ? scalarProblem() : was === garbage ? garbageProblem() : '';
    const ending: Ending = {
      head: was === between ? 0 : head,
      tail: 0,
      flags: was === between ? messageFlags.filler : was === inScalar ? 0 : messageFlags.incomplete,
    };
    head = 0;
    mode = between;
    inArray = false;
    escaped = false;
    marked = 0;
    return problem === '' ? ending : { ...ending, flags: messageFlags.malformed, problem };
  }

  return {
    push,
    end,
    get pendingHead() {
      return head;
    },
    get inside() {
      return mode !== between;
    },
  };
}

const nothing = new Uint8Array(0);
const lineFeed = Uint8Array.of(newline);

/** Returns what must follow `body` so that a reader can detect its end: a line feed after a number or a word. */
export function jsonTail(body: Uint8Array): Uint8Array {
  const last = body.at(-1);
  const ended = last === undefined || classes[last] === close || last === quote || last <= 0x20;
  return ended ? nothing : lineFeed;
}
