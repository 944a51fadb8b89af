import { CountedFramer, type CountedHeader } from '../counted.ts';
import { asRead } from '../encoding.ts';
import { claimProblem, noLimit } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { isTokenByte } from '../http-head.ts';
import { Decimal } from '../numbers.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;
const capitalC = 0x43;
/** The maximum head of a message. */
const maxHeader = 255;
const lengthField = Array.from('content-length', (char) => char.charCodeAt(0));
/** The length of the name part (`Content-`) with which a header must begin after wrong bytes. */
const fieldStart = 8;

/** The base protocol of LSP and DAP: header fields with a Content-Length, an empty line, that number of bytes. */
export const lsp: Framing<{ readonly kind: 'lsp' }> = {
  ...plain('lsp', {
    text: 'lsp',
    message: 'one message of LSP or DAP: a header with a Content-Length, then that number of bytes',
    sending: 'the header',
  }),
  words: {
    short: 'LSP, DAP',
    label: 'LSP and DAP: Content-Length header',
    help: 'Header fields with a Content-Length precede each message, as in the Language Server Protocol.',
  },
  wrong: {
    what: 'a line that is not a field; a header without a Content-Length, with one that is not a number or with two that contradict each other; a header above 255 bytes',
    resume: 'at the next `C` that begins a field `Content-…`',
  },
  adds: () => 'Content-Length header',
  createFramer: (_, maxMessage) => new LspFramer(maxMessage),
  frameAround: (_, size) => ({
    head: Uint8Array.from(`Content-Length: ${size}\r\n\r\n`, (char) => char.charCodeAt(0)),
    tail: noBytes,
  }),
  asItIs: (_, bytes) => asRead(new LspFramer(noLimit), bytes),
  guesses: ['lsp'],
  evidence: () => 64,
};

type Mode = 'line' | 'name' | 'value' | 'line-end' | 'header-end';

class LspFramer extends CountedFramer {
  constructor(maxMessage: number) {
    // Other bytes hardly look like the header, so a large body is taken as real: it is recorded in pieces.
    super(new LspHeader(maxMessage), -1, noLimit);
  }
}

/** The header. A wrong one is malformed up to the next `C` that begins a field `Content-…`. */
class LspHeader implements CountedHeader {
  size = 0;
  length = -1;
  problem = '';
  readonly lengthName = 'Content-Length';
  #mode: Mode = 'line';
  /** Bytes of the current name that match Content-Length; -1 for another name. */
  #matched = 0;
  #nameBytes = 0;
  readonly #number = new Decimal();
  /** The value of Content-Length; -1 without one. */
  #said = -1;
  #strict = false;
  readonly #maxMessage: number;

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  read(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      if (this.size === maxHeader) this.#refuse(`a header is longer than ${maxHeader} bytes`);
      else if (this.#take(chunk[at] as number)) this.size += 1;
      if (this.problem !== '') return at;
      if (this.length >= 0) return at + 1;
    }
    return chunk.length;
  }

  findNext(chunk: Uint8Array, from: number): number {
    return chunk.indexOf(capitalC, from);
  }

  begin(lost: boolean): void {
    this.size = 0;
    this.length = -1;
    this.problem = '';
    this.#mode = 'line';
    this.#said = -1;
    this.#strict = lost;
  }

  #refuse(reason: string): false {
    this.problem = reason;
    return false;
  }

  /** Processes a byte; returns false for a wrong one. */
  #take(byte: number): boolean {
    switch (this.#mode) {
      case 'name':
        return this.#takeName(byte);
      case 'value':
        return this.#takeValue(byte);
      case 'line-end':
        this.#mode = 'line';
        return byte === lineFeed || this.#refuse('a header contains a bare CR');
      case 'header-end':
        return byte === lineFeed ? this.#end() : this.#refuse('a header contains a bare CR');
      default:
        return this.#takeLineStart(byte);
    }
  }

  #takeLineStart(byte: number): boolean {
    if (byte === lineFeed) return this.#end();
    if (byte === carriageReturn) {
      this.#mode = 'header-end';
      return true;
    }
    this.#mode = 'name';
    this.#matched = 0;
    this.#nameBytes = 0;
    this.#number.begin();
    return this.#takeName(byte);
  }

  #takeName(byte: number): boolean {
    if (byte === colon && this.#nameBytes > 0) {
      this.#mode = 'value';
      return true;
    }
    if (!isTokenByte(byte)) return this.#refuse(noField);
    const matched = this.#matched;
    this.#matched = matched >= 0 && (byte | 0x20) === lengthField[matched] ? matched + 1 : -1;
    this.#nameBytes += 1;
    return !(this.#strict && this.#nameBytes <= fieldStart && this.#matched < 0) || this.#refuse(noField);
  }

  #takeValue(byte: number): boolean {
    if (byte === carriageReturn || byte === lineFeed) return this.#endLine(byte);
    if (this.#matched !== lengthField.length || byte === space || this.#number.take(byte)) return true;
    return this.#refuse(claimProblem(this.#number.value, this.#maxMessage) || noNumber);
  }

  #endLine(byte: number): boolean {
    if (this.#matched === lengthField.length) {
      const { digits, value } = this.#number;
      if (digits === 0) return this.#refuse(noNumber);
      if (this.#said >= 0 && this.#said !== value) return this.#refuse('two Content-Lengths contradict each other');
      this.#said = value;
    }
    this.#mode = byte === lineFeed ? 'line' : 'line-end';
    return true;
  }

  #end(): boolean {
    if (this.#said < 0) return this.#refuse('a header has no Content-Length');
    this.length = this.#said;
    return true;
  }
}

const noField = 'a header line is not a field';
const noNumber = 'the Content-Length is not a number';
