import { messageFlags } from '../record/record.ts';
import type { Cuts } from './cuts.ts';
import type { Ending, Framer } from './framer.ts';

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const maxHead = 255;

// What a byte can be between values; 0 is none of these.
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

const words = ['true', 'false', 'null'];

function isNumber(scalarStart: string): boolean {
  return /^[-0-9]/.test(scalarStart);
}

type Mode = 'between' | 'nested' | 'nested-string' | 'string' | 'scalar' | 'garbage';

/**
 * JSON values one after the other (RFC 8259), with any white space between them: concatenated, NDJSON or JSON text
 * sequences. White space before a value is the message's head. A value ends with its closing bracket or quote; a number
 * or a word ends before the next byte that cannot belong to it. Bytes that start no value are one malformed message, up
 * to the end of the line or the next bracket. Whether a value is valid inside its brackets is for its reader to say.
 */
export function createJsonFramer(): Framer {
  let mode: Mode = 'between';
  let head = 0;
  let depth = 0;
  let escaped = false;
  // The start of a bare word or number, to tell `true` from `trust`.
  let word = '';

  function finish(cuts: Cuts, end: number, flags: number): void {
    cuts.push(end, head, 0, flags);
    head = 0;
    mode = 'between';
  }

  function begin(byte: number): void {
    switch (classes[byte]) {
      case open:
        depth = 1;
        mode = 'nested';
        return;
      case string:
        escaped = false;
        mode = 'string';
        return;
      case scalar:
        word = '';
        mode = 'scalar';
        takeScalar(byte);
        return;
      default:
        mode = 'garbage';
    }
  }

  function takeScalar(byte: number): void {
    if (word.length > 5) return;
    word += String.fromCharCode(byte);
    if (!isNumber(word) && !words.some((known) => known.startsWith(word))) mode = 'garbage';
  }

  function scalarFlags(): number {
    return isNumber(word) || words.includes(word) ? 0 : messageFlags.malformed;
  }

  function push(chunk: Uint8Array, cuts: Cuts): void {
    const length = chunk.length;
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at] as number;
      switch (mode) {
        case 'nested':
          if (byte === quote) {
            escaped = false;
            mode = 'nested-string';
          } else if (classes[byte] === open) {
            depth += 1;
          } else if (classes[byte] === close) {
            depth -= 1;
            if (depth === 0) finish(cuts, at + 1, 0);
          }
          break;
        case 'nested-string':
        case 'string':
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) {
            if (mode === 'string') finish(cuts, at + 1, 0);
            else mode = 'nested';
          }
          break;
        case 'between':
          if (classes[byte] !== space) {
            begin(byte);
          } else {
            head += 1;
            if (head === maxHead) {
              head = 0;
              cuts.push(at + 1, 0, 0, messageFlags.filler);
            }
          }
          break;
        case 'scalar':
          if (classes[byte] === scalar) {
            takeScalar(byte);
          } else {
            finish(cuts, at, scalarFlags());
            at -= 1;
          }
          break;
        case 'garbage':
          if (byte === newline) finish(cuts, at + 1, messageFlags.malformed);
          else if (classes[byte] === open) {
            finish(cuts, at, messageFlags.malformed);
            at -= 1;
          }
          break;
      }
    }
  }

  function end(): Ending {
    const was = { head, mode };
    head = 0;
    mode = 'between';
    if (was.mode === 'between') return { head: 0, tail: 0, flags: messageFlags.filler };
    if (was.mode === 'scalar') return { head: was.head, tail: 0, flags: scalarFlags() };
    return {
      head: was.head,
      tail: 0,
      flags: was.mode === 'garbage' ? messageFlags.malformed : messageFlags.incomplete,
    };
  }

  return {
    push,
    end,
    get pendingHead() {
      return head;
    },
  };
}
