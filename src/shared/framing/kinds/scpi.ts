import type { Boundaries } from '../../message/boundaries.ts';
import { asRead, encodeEnded } from '../encoding.ts';
import { claimProblem, type Ending, type Framer, type LengthClaim, noLimit, unfinished } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const hash = 0x23;
const zero = 0x30;

// The meaning of a byte outside blocks; 0 is any other.
const separator = 1;
const quote = 2;
const end = 3;
const blockStart = 4;
const classes = new Uint8Array(256);
for (const char of ' \t,:;') classes[char.charCodeAt(0)] = separator;
for (const char of '"\'') classes[char.charCodeAt(0)] = quote;
classes[lineFeed] = end;
classes[hash] = blockStart;

type Mode = 'text' | 'string' | 'hash' | 'size' | 'block' | 'line';

/** The maximum number of bytes of a string after its first line feed. */
const maxStringRest = 1_024;

/**
 * A framer for the program and response messages of IEEE 488.2, which SCPI uses. Each ends with LF or CR LF, but not inside a
 * definite length block (`#216` and 16 bytes) or a string, which begin only at the start of a parameter. A block of indefinite length
 * (`#0`) ends with the line. A line is malformed if the length of a block is not a number or is above `maxMessage`, or if a string
 * contains a line feed and does not end within the following 1024 bytes.
 */
class ScpiFramer implements Framer {
  readonly pendingHead = 0;
  readonly #maxMessage: number;
  #mode: Mode = 'text';
  /** A parameter can begin here. */
  #begins = true;
  #afterReturn = false;
  #quoted = 0;
  /** The last byte ended a string: a quote directly after it continues the string. */
  #justClosed = false;
  /** Bytes of the current string after its first line feed; -1 without one. */
  #rest = -1;
  #digits = 0;
  /** Bytes of the current block, and how many of them are missing. */
  #length = 0;
  #left = 0;
  #problem = '';

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === 'block') {
        const step = Math.min(this.#left, chunk.length - at);
        this.#left -= step;
        at += step;
        this.#afterReturn = false;
        if (this.#left === 0) this.#mode = 'text';
      } else if (this.#takeByte(chunk[at] as number, boundaries, at + 1)) {
        at += 1;
      }
    }
  }

  end(): Ending {
    const was = this.#problem;
    this.#begin();
    return unfinished(0, was);
  }

  get claim(): LengthClaim | undefined {
    // The line feed after the block is missing, too.
    return this.#mode === 'block'
      ? { says: this.#length, received: this.#length - this.#left, missing: this.#left + 1, atLeast: true }
      : undefined;
  }

  #begin(): void {
    this.#mode = 'text';
    this.#begins = true;
    this.#justClosed = false;
    this.#afterReturn = false;
    this.#left = 0;
    this.#problem = '';
  }

  #finish(boundaries: Boundaries, at: number): void {
    const tail = this.#afterReturn ? 2 : 1;
    if (this.#problem === '') boundaries.push(at, 0, tail, 0);
    else boundaries.pushMalformed(at, 0, tail, this.#problem);
    this.#begin();
  }

  #takeText(byte: number, boundaries: Boundaries, at: number): void {
    const what = classes[byte] as number;
    if (what === end) {
      this.#finish(boundaries, at);
      return;
    }
    if (what === quote && (this.#begins || this.#justClosed)) {
      this.#mode = 'string';
      this.#quoted = byte;
      if (this.#begins) this.#rest = -1;
    } else if (what === blockStart && this.#begins) {
      this.#mode = 'hash';
    }
    this.#begins = what === separator;
    this.#justClosed = false;
  }

  #lose(reason: string): void {
    this.#problem = reason;
    this.#mode = 'line';
    this.#left = 0;
  }

  /** Processes the byte after `#`: the number of digits of the length. Any other byte does not begin a block: `#H1F`. */
  #takeHash(byte: number): boolean {
    const count = byte - zero;
    this.#mode = 'text';
    if (count < 0 || count > 9) return false;
    this.#digits = count;
    this.#left = 0;
    this.#mode = count === 0 ? 'line' : 'size';
    return true;
  }

  #takeSize(byte: number): boolean {
    if (byte < zero || byte > zero + 9) {
      this.#lose('the length of a block is not a number');
      return false;
    }
    this.#left = this.#left * 10 + byte - zero;
    this.#digits -= 1;
    if (this.#digits > 0) return true;
    this.#length = this.#left;
    this.#mode = this.#left > 0 ? 'block' : 'text';
    const tooLong = claimProblem(this.#left, this.#maxMessage);
    if (tooLong !== '') this.#lose(tooLong);
    return true;
  }

  /** Processes a byte of a string, up to its closing quote. */
  #takeString(byte: number, boundaries: Boundaries, at: number): void {
    if (byte === this.#quoted) {
      this.#mode = 'text';
      this.#justClosed = true;
      return;
    }
    if (this.#rest >= 0 || byte === lineFeed) this.#rest += 1;
    if (this.#rest <= maxStringRest) return;
    this.#lose(`a string does not end within ${maxStringRest} bytes after its first line feed`);
    if (byte === lineFeed) this.#finish(boundaries, at);
  }

  /** Processes a byte outside blocks; returns false if it belongs to another mode. */
  #takeByte(byte: number, boundaries: Boundaries, at: number): boolean {
    switch (this.#mode) {
      case 'hash':
        return this.#takeHash(byte);
      case 'size':
        return this.#takeSize(byte);
      case 'string':
        this.#takeString(byte, boundaries, at);
        break;
      case 'line':
        if (byte === lineFeed) this.#finish(boundaries, at);
        break;
      default:
        this.#takeText(byte, boundaries, at);
    }
    this.#afterReturn = byte === carriageReturn;
    return true;
  }
}

const terminator = Uint8Array.of(0x0a);

/** SCPI: lines that may contain blocks of IEEE 488.2. */
export const scpi: Framing<{ readonly kind: 'scpi' }> = {
  ...plain('scpi', {
    text: 'scpi',
    message:
      'a line, which may contain strings and blocks of IEEE 488.2 (`#15hello`); a line feed inside these does not end it',
    sending: 'LF, unless the message ends with it',
  }),
  words: {
    short: 'SCPI lines',
    label: 'SCPI: lines with binary blocks',
    help: 'A message ends with a line feed outside an IEEE 488.2 block.',
  },
  wrong: {
    what: 'a block whose length is not a number; a string that contains a line feed and does not end within the following 1024 bytes',
    resume: 'after the line',
  },
  adds: () => 'line feed at the end',
  createFramer: (_, maxMessage) => new ScpiFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: terminator }),
  encode: (_, body) => encodeEnded(() => new ScpiFramer(noLimit), body, terminator),
  asItIs: (_, bytes) => asRead(new ScpiFramer(noLimit), bytes),
  mostEvidence: 40,
  guesses: ['scpi'],
  evidence: (_, message) => evidenceOf(String.fromCharCode(...message.subarray(0, shownBytes))),
};

/** The number of bytes of a message that are examined. */
const shownBytes = 200;
const block = /^(?:[ -~]*[ ,])?#[1-9]\d/;
/** A common command (`*IDN?`), or a header of mnemonics: with a colon between two of them, in front, or with a question mark. */
const mnemonic = '[A-Za-z]{2,12}\\d{0,3}';
const header = `(?:\\*[A-Z]{3}\\??|:${mnemonic}(?::${mnemonic})*\\??|${mnemonic}(?::${mnemonic})+\\??|${mnemonic}\\?)`;
const command = new RegExp(`^${header}(?:[ ;][ -~]*)?\\r?\\n`);
/** Values of responses: numbers, and strings in quotes. */
const value = '(?:[-+]?\\d+(?:\\.\\d*)?(?:[Ee][-+]?\\d+)?|"[^"\\n]*")';
const response = new RegExp(`^${value}(?:,${value})*\\r?\\n`);
/** A response to `*IDN?`: four fields. */
const identity = /^[ -+\--~]+(?:,[ -+\--~]+){3}\r?\n/;

/** Returns, in bits, how unlikely other text is to look like this line; negative for a line that is not SCPI. */
function evidenceOf(text: string): number {
  if (block.test(text)) return 32;
  if (command.test(text)) return 12;
  return response.test(text) || identity.test(text) ? 6 : -16;
}
