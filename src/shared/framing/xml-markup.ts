import { toHex } from '../bytes/hex.ts';

// The bytes of XML markup, in every encoding that contains ASCII.
export const lessThan = 0x3c;
export const greaterThan = 0x3e;
export const slash = 0x2f;
export const bang = 0x21;
export const question = 0x3f;
export const quote = 0x22;
export const apostrophe = 0x27;
export const dash = 0x2d;
const openBracket = 0x5b;
export const closeBracket = 0x5d;

const space = 1;
const nameStart = 2;
const classes = new Uint8Array(256);
// White space, and the bytes of a byte order mark.
for (const byte of [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]) classes[byte] = space;
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:') classes[char.charCodeAt(0)] = nameStart;

// The bytes with a meaning inside a start tag.
export const inTag = new Uint8Array(256);
for (const byte of [lessThan, greaterThan, quote, apostrophe]) inTag[byte] = 1;

/** Returns true for a byte that a name can begin with. */
export function startsName(byte: number): boolean {
  return byte >= 0x80 || classes[byte] === nameStart;
}

/** Returns true for white space between documents. */
export function isSpace(byte: number): boolean {
  return classes[byte] === space;
}

type Mode = 'doctype' | 'subset' | 'markup' | 'bang' | 'declaration' | 'literal' | 'comment' | 'instruction';

/**
 * Finds the `>` that ends a DOCTYPE declaration (XML 1.0, 2.8), byte by byte, and skips those in literals and in the internal subset.
 * Expands nothing.
 */
export class DoctypeScanner {
  /** Why the last byte is wrong, as a sentence without a full stop; empty if it is not. */
  problem = '';
  #mode: Mode = 'doctype';
  /** The part of the declaration that contains the literal. */
  #outer: Mode = 'doctype';
  #quoted = 0;
  /** Bytes of `--`, `-->` or `?>` that the bytes so far match. */
  #matched = 0;

  /** Begins after the word DOCTYPE. */
  begin(): void {
    this.#mode = 'doctype';
    this.problem = '';
  }

  /** Processes the next byte; returns true if the declaration ends with it. */
  take(byte: number): boolean {
    switch (this.#mode) {
      case 'doctype':
        if (byte === openBracket) this.#mode = 'subset';
        return !this.#beginsLiteral(byte) && byte === greaterThan;
      case 'declaration':
        if (!this.#beginsLiteral(byte) && byte === greaterThan) this.#mode = 'subset';
        return false;
      case 'literal':
        if (byte === this.#quoted) this.#mode = this.#outer;
        return false;
      case 'subset':
        if (byte === lessThan) this.#mode = 'markup';
        else if (byte === closeBracket) this.#mode = 'doctype';
        return false;
      case 'markup':
        this.#matched = 0;
        if (byte === bang) this.#mode = 'bang';
        else if (byte === question) this.#mode = 'instruction';
        else this.problem = `the byte ${toHex(Uint8Array.of(byte))} is invalid after “<” in a DOCTYPE`;
        return false;
      case 'bang':
        return this.#takeBang(byte);
      case 'comment':
        this.#skipTo(byte, dash, 2);
        return false;
      case 'instruction':
        this.#skipTo(byte, question, 1);
        return false;
    }
  }

  /** Processes the byte after `<!`: two dashes begin a comment, any other byte a declaration. */
  #takeBang(byte: number): boolean {
    if (byte === dash) {
      this.#matched += 1;
      if (this.#matched < 2) return false;
      this.#matched = 0;
      this.#mode = 'comment';
      return false;
    }
    this.#mode = 'declaration';
    return this.take(byte);
  }

  #beginsLiteral(byte: number): boolean {
    if (byte !== quote && byte !== apostrophe) return false;
    this.#quoted = byte;
    this.#outer = this.#mode;
    this.#mode = 'literal';
    return true;
  }

  /** Ends a comment or instruction at a `>` after `needed` times `mark`. */
  #skipTo(byte: number, mark: number, needed: number): void {
    if (byte === mark) this.#matched = Math.min(this.#matched + 1, needed);
    else if (byte === greaterThan && this.#matched === needed) this.#mode = 'subset';
    else this.#matched = 0;
  }
}
