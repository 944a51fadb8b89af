import { toHex } from '../../bytes/hex.ts';
import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { asRead, encodeEnded } from '../encoding.ts';
import {
  claimProblem,
  type Ending,
  type Framer,
  fillerEnding,
  type LengthClaim,
  noLimit,
  unfinished,
} from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { Decimal } from '../numbers.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const maxHead = 255;
/** The maximum number of bytes of a command with its header lines. */
const maxHeader = 65_536;
const lengthField = Array.from('content-length', (char) => char.charCodeAt(0));

type Mode = 'between' | 'command' | 'line' | 'name' | 'value' | 'counted' | 'body' | 'lost';

/**
 * A framer for STOMP 1.2. A body with a content-length may contain NULs; any other body ends with the first one. Line ends between
 * frames (heartbeats) are the head of the next frame. Wrong bytes are malformed up to the next NUL.
 */
class StompFramer implements Framer {
  readonly #maxMessage: number;
  #mode: Mode = 'between';
  #head = 0;
  #header = 0;
  /** Bytes of the current name that match content-length; -1 for another name. */
  #matched = 0;
  readonly #number = new Decimal();
  /** The first content-length, which applies by STOMP 1.2 (-1 without one), and the bytes of the body that are missing. */
  #length = -1;
  #left = -1;
  #problem = '';

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#mode === 'counted') {
        at = this.#takeCounted(chunk, at);
      } else if (this.#mode === 'body' || this.#mode === 'lost') {
        at = this.#takeBody(chunk, at, boundaries);
        if (at === 0) return;
      } else if (this.#takeHeader(chunk[at] as number, at + 1, boundaries)) {
        at += 1;
        if (this.#mode !== 'between') this.#header += 1;
      }
    }
  }

  end(): Ending {
    const was = { mode: this.#mode, head: this.#head, problem: this.#problem };
    this.#begin();
    if (was.mode === 'between') return fillerEnding;
    return unfinished(was.head, was.problem, was.head);
  }

  get pendingHead(): number {
    return this.#head;
  }

  get claim(): LengthClaim | undefined {
    return this.#mode === 'counted'
      ? { name: 'content-length', says: this.#length, received: this.#length - this.#left, missing: this.#left + 1 }
      : undefined;
  }

  #begin(): void {
    this.#mode = 'between';
    this.#head = 0;
    this.#header = 0;
    this.#left = -1;
    this.#problem = '';
  }

  #lose(reason: string): false {
    this.#mode = 'lost';
    this.#problem = reason;
    return false;
  }

  #takeBetween(byte: number, end: number, boundaries: Boundaries): boolean {
    if (byte !== lineFeed && byte !== carriageReturn) {
      this.#mode = 'command';
      return this.#takeCommand(byte);
    }
    this.#head += 1;
    if (this.#head < maxHead) return true;
    this.#head = 0;
    boundaries.push(end, 0, 0, messageFlags.filler);
    return true;
  }

  #takeCommand(byte: number): boolean {
    if (byte === lineFeed && this.#header > 0) this.#mode = 'line';
    else if ((byte < 0x41 || byte > 0x5a) && byte !== carriageReturn) {
      return this.#lose(`the byte ${toHex(Uint8Array.of(byte))} is invalid in a command`);
    }
    return true;
  }

  /** Processes the first byte of a header line. */
  #takeLine(byte: number): boolean {
    if (byte === lineFeed) {
      this.#mode = this.#left >= 0 ? 'counted' : 'body';
      return true;
    }
    if (byte === carriageReturn) return true;
    this.#mode = 'name';
    this.#matched = 0;
    this.#number.begin();
    return this.#takeName(byte);
  }

  #takeName(byte: number): boolean {
    if (byte === colon) this.#mode = 'value';
    else if (byte === lineFeed || byte === 0) return this.#lose('a header line has no colon');
    else this.#matched = this.#matched >= 0 && byte === lengthField[this.#matched] ? this.#matched + 1 : -1;
    return true;
  }

  #takeValue(byte: number, end: number, boundaries: Boundaries): boolean {
    if (byte === 0) return this.#lose('a header line contains a NUL');
    const isLength = this.#matched === lengthField.length && this.#left < 0;
    if (byte === lineFeed) {
      if (isLength && this.#number.digits === 0) return this.#lose(noNumber);
      const tooLong = isLength ? claimProblem(this.#number.value, this.#maxMessage) : '';
      if (tooLong !== '') {
        boundaries.pushMalformed(end, this.#head, 0, tooLong);
        this.#head = 0;
        this.#lose(tooLong);
        return true;
      }
      if (isLength) {
        this.#length = this.#number.value;
        this.#left = this.#length;
      }
      this.#mode = 'line';
    } else if (isLength && byte !== carriageReturn && !this.#number.take(byte)) {
      return this.#lose(claimProblem(this.#number.value, this.#maxMessage) || noNumber);
    }
    return true;
  }

  /** Processes a byte before the body; returns false for a wrong one. */
  #takeHeader(byte: number, end: number, boundaries: Boundaries): boolean {
    if (this.#header === maxHeader) return this.#lose(`a header is longer than ${maxHeader} bytes`);
    switch (this.#mode) {
      case 'between':
        return this.#takeBetween(byte, end, boundaries);
      case 'command':
        return this.#takeCommand(byte);
      case 'line':
        return this.#takeLine(byte);
      case 'name':
        return this.#takeName(byte);
      default:
        return this.#takeValue(byte, end, boundaries);
    }
  }

  /** Reads the body by its content-length; returns the offset of the next byte. */
  #takeCounted(chunk: Uint8Array, from: number): number {
    const step = Math.min(this.#left, chunk.length - from);
    this.#left -= step;
    const at = from + step;
    if (this.#left === 0 && at < chunk.length) {
      if (chunk[at] === 0) this.#mode = 'body';
      else this.#lose('no NUL follows the body of the given content-length');
    }
    return at;
  }

  /** Skips to the NUL that ends the frame; returns the offset after it, 0 if it is in a later chunk. */
  #takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const end = chunk.indexOf(0, from) + 1;
    if (end === 0) return 0;
    if (this.#mode === 'body') boundaries.push(end, this.#head, 1, 0);
    else boundaries.pushMalformed(end, this.#head, 1, this.#problem);
    this.#begin();
    return end;
  }
}

const noNumber = 'the content-length is not a number';

const nul = Uint8Array.of(0);

/** STOMP 1.2: a command, header lines, an empty line, a body, NUL. */
export const stomp: Framing<{ readonly kind: 'stomp' }> = {
  ...plain('stomp', {
    text: 'stomp',
    message: 'one frame of STOMP 1.2, up to its NUL',
    sending: 'NUL, unless the message ends with its own',
  }),
  words: {
    short: 'STOMP frames',
    label: 'STOMP frames',
    help: 'A message is a command, header lines and a body that ends with NUL.',
  },
  wrong: {
    what: 'a command that is not all capital letters; a header line without a colon; an invalid content-length; a header above 64 KiB',
    resume: 'after the next NUL',
  },
  adds: () => 'NUL at the end',
  createFramer: (_, maxMessage) => new StompFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: nul }),
  encode: (_, body) => encodeEnded(() => new StompFramer(noLimit), body, nul),
  asItIs: (_, bytes) => asRead(new StompFramer(noLimit), bytes),
  guesses: ['stomp'],
  evidence: () => 40,
};
