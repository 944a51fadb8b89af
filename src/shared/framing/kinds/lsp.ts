import { asRead } from '../as-it-is.ts';
import type { Cuts } from '../cuts.ts';
import { type Ending, type Framer, unfinished } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { isTokenByte } from '../http-head.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;
const capitalC = 0x43;
/** A head has room for as many bytes. */
const maxHeader = 255;
const maxDigits = 15;
const lengthField = Array.from('content-length', (char) => char.charCodeAt(0));
/** What the first field of a header begins with where the framing looks for the next one: `Content-`. */
const fieldStart = 8;

/** The base protocol of LSP and DAP: header fields with a Content-Length, an empty line, as many bytes. */
export const lsp: Framing<{ readonly kind: 'lsp' }> = {
  ...plain('lsp', 'lsp'),
  createFramer: createLspFramer,
  lengthName: 'Content-Length',
  frameAround: (_, size) => ({
    head: Uint8Array.from(`Content-Length: ${size}\r\n\r\n`, (char) => char.charCodeAt(0)),
    tail: noBytes,
  }),
  asItIs: (_, bytes) => asRead(createLspFramer(), bytes),
  guesses: ['lsp'],
  evidence: () => 64,
};

type Mode = 'line' | 'name' | 'value' | 'line-end' | 'header-end' | 'body' | 'lost';

/** A wrong header is malformed up to the next `C` that begins a field called `Content-…`. */
function createLspFramer(): Framer {
  let mode: Mode = 'line';
  let header = 0;
  /** Bytes of the name in hand that are those of Content-Length; -1 where it is another. */
  let matched = 0;
  let nameBytes = 0;
  let digits = 0;
  let value = 0;
  /** Bytes of the body by Content-Length; -1 without one. */
  let length = -1;
  let left = 0;
  let problem = '';
  let strict = false;

  function begin(): void {
    mode = 'line';
    header = 0;
    length = -1;
    left = 0;
    problem = '';
  }

  function lose(reason: string): false {
    begin();
    mode = 'lost';
    problem = reason;
    return false;
  }

  function beginName(): void {
    mode = 'name';
    matched = 0;
    nameBytes = 0;
    digits = 0;
    value = 0;
  }

  function takeName(byte: number): boolean {
    if (byte === colon && nameBytes > 0) {
      mode = 'value';
      return true;
    }
    if (!isTokenByte(byte)) return lose('a line of the header is no field');
    matched = matched >= 0 && (byte | 0x20) === lengthField[matched] ? matched + 1 : -1;
    nameBytes += 1;
    if (strict && nameBytes <= fieldStart && matched < 0) return lose('a line of the header is no field');
    return true;
  }

  function takeValue(byte: number): boolean {
    if (byte === carriageReturn || byte === lineFeed) return endLine(byte);
    if (matched !== lengthField.length || byte === space) return true;
    if (byte < 0x30 || byte > 0x39 || digits === maxDigits) return lose('the Content-Length is no number');
    value = value * 10 + byte - 0x30;
    digits += 1;
    return true;
  }

  function endLine(byte: number): boolean {
    if (matched === lengthField.length) {
      if (digits === 0) return lose('the Content-Length is no number');
      if (length >= 0 && length !== value) return lose('two Content-Lengths contradict each other');
      length = value;
    }
    mode = byte === lineFeed ? 'line' : 'line-end';
    return true;
  }

  /** Takes a byte of the header; false where it is not taken. */
  function takeHeader(byte: number): boolean {
    if (header === maxHeader) return lose(`a header is longer than ${maxHeader} bytes`);
    switch (mode) {
      case 'name':
        return takeName(byte);
      case 'value':
        return takeValue(byte);
      case 'line-end':
        mode = 'line';
        return byte === lineFeed || lose('a CR stands alone in a header');
      case 'header-end':
        return byte === lineFeed ? endHeader() : lose('a CR stands alone in a header');
      default:
        if (byte === lineFeed) return endHeader();
        if (byte === carriageReturn) {
          mode = 'header-end';
          return true;
        }
        beginName();
        return takeName(byte);
    }
  }

  function endHeader(): boolean {
    if (length < 0) return lose('a header has no Content-Length');
    mode = 'body';
    left = length;
    return true;
  }

  function finish(cuts: Cuts, end: number): void {
    cuts.push(end, header, 0, 0);
    begin();
    strict = false;
  }

  function push(chunk: Uint8Array, cuts: Cuts): void {
    let at = 0;
    while (at < chunk.length) {
      if (mode === 'lost') {
        at = chunk.indexOf(capitalC, at);
        if (at < 0) return;
        cuts.pushMalformed(at, 0, 0, problem);
        begin();
        strict = true;
      } else if (mode === 'body') {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        if (left === 0) finish(cuts, at);
      } else if (takeHeader(chunk[at] as number)) {
        at += 1;
        header += 1;
        if ((mode as Mode) === 'body' && left === 0) finish(cuts, at);
      }
    }
  }

  function end(): Ending {
    const was = { header, problem };
    begin();
    strict = false;
    return unfinished(was.header, was.problem);
  }

  return {
    push,
    end,
    get pendingHead() {
      return header;
    },
    get bodySize() {
      return mode === 'body' ? length : 0;
    },
    get announced() {
      return mode === 'body' ? header + length : 0;
    },
  };
}
