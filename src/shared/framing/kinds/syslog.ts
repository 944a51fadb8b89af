import { toHex } from '../../bytes/hex.ts';
import type { Boundaries } from '../../message/boundaries.ts';
import { asRead } from '../encoding.ts';
import { claimProblem, type Ending, type Framer, findOrEnd, type LengthClaim, noLimit, unfinished } from '../framer.ts';
import { type Frame, type Framing, noBytes, plain, type Unframeable } from '../framing.ts';
import { Decimal } from '../numbers.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const zero = 0x30;
const lessThan = 0x3c;

type Mode = 'start' | 'count' | 'body' | 'line' | 'lost';

/**
 * A framer for syslog over TCP (RFC 6587). A message that begins with a digit is counted (3.4.1: a decimal length, a space, that
 * number of bytes). If `lines` is set, one that begins with `<` ends with LF or CR LF (3.4.2). Wrong bytes are one malformed message up to
 * the next place where a message begins: after a line feed if there are lines, and at a `<` that follows a number and a space. That
 * number counts the message and belongs to the wrong bytes, so that no bytes have to be delayed.
 */
class SyslogFramer implements Framer {
  readonly #maxMessage: number;
  readonly #lines: boolean;
  #mode: Mode = 'start';
  #header = 0;
  /** The length of the message, and the bytes of it that are missing. */
  #says = 0;
  #left = 0;
  #last = 0;
  #problem = '';
  /** After wrong bytes: a number is a length only before a `<`, with which each syslog message begins. */
  #isStrict = false;
  /** A space follows the number. */
  #isCounted = false;
  readonly #number = new Decimal();

  constructor(maxMessage: number, lines: boolean) {
    this.#maxMessage = maxMessage;
    this.#lines = lines;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at, boundaries);
  }

  end(): Ending {
    const was = { header: this.#header, problem: this.#problem };
    this.#begin();
    this.#isStrict = false;
    return unfinished(was.header, was.problem);
  }

  get pendingHead(): number {
    return this.#header;
  }

  get claim(): LengthClaim | undefined {
    return this.#mode === 'body'
      ? { says: this.#says, received: this.#says - this.#left, missing: this.#left }
      : undefined;
  }

  #begin(): void {
    this.#mode = 'start';
    this.#header = 0;
    this.#says = 0;
    this.#left = 0;
    this.#problem = '';
    this.#isCounted = false;
    this.#number.begin();
  }

  #lose(reason: string): void {
    this.#begin();
    this.#mode = 'lost';
    this.#problem = reason;
  }

  #takeStart(byte: number): boolean {
    if (byte > zero && byte <= zero + 9) this.#mode = 'count';
    else if (this.#lines && byte === lessThan) this.#mode = 'line';
    else this.#lose(`the byte ${toHex(Uint8Array.of(byte))} does not begin a ${this.#lines ? 'message' : 'length'}`);
    this.#last = byte;
    return this.#mode === 'line';
  }

  #takeCount(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = this.#number.takeAll(chunk, from);
    this.#header += at - from;
    if (at === chunk.length) return at;
    const byte = chunk[at] as number;
    if (byte !== space) {
      this.#lose(
        claimProblem(this.#number.value, this.#maxMessage) ||
          `the byte ${toHex(Uint8Array.of(byte))} is invalid in a length`,
      );
      return at;
    }
    this.#header += 1;
    const tooLong = claimProblem(this.#header + this.#number.value, this.#maxMessage);
    if (tooLong === '') {
      this.#beginBody(this.#number.value);
      return at + 1;
    }
    boundaries.pushMalformed(at + 1, 0, 0, tooLong);
    // A “<” would begin a line in the middle of the message.
    if (this.#lines) this.#lose(tooLong);
    else this.#begin();
    this.#isStrict = true;
    return at + 1;
  }

  #beginBody(size: number): void {
    this.#says = size;
    this.#left = size;
    this.#mode = 'body';
  }

  #takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    if (this.#left === this.#says && this.#isStrict && chunk[from] !== lessThan) {
      this.#lose('no “<” follows the length');
      return from;
    }
    const step = Math.min(this.#left, chunk.length - from);
    this.#left -= step;
    if (this.#left > 0) return from + step;
    boundaries.push(from + step, this.#header, 0, 0);
    this.#begin();
    this.#isStrict = false;
    return from + step;
  }

  #takeLine(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const feed = findOrEnd(chunk, lineFeed, from);
    if (feed > from) this.#last = chunk[feed - 1] as number;
    if (feed === chunk.length) return feed;
    boundaries.push(feed + 1, 0, this.#last === carriageReturn ? 2 : 1, 0);
    this.#begin();
    this.#isStrict = false;
    return feed + 1;
  }

  /** Processes a wrong byte; returns false if a message begins with it. */
  #takeLost(byte: number, at: number, boundaries: Boundaries): boolean {
    const counted = this.#number.value;
    if (byte === lessThan && this.#isCounted && counted > 0 && counted <= this.#maxMessage) {
      boundaries.pushMalformed(at, 0, 0, this.#problem);
      this.#begin();
      this.#beginBody(counted);
      return false;
    }
    if (byte === lineFeed && this.#lines) {
      boundaries.pushMalformed(at + 1, 0, 0, this.#problem);
      this.#begin();
      this.#isStrict = true;
    } else if (byte === space && this.#number.digits > 0 && !this.#isCounted) {
      this.#isCounted = true;
    } else if (this.#isCounted || !this.#number.take(byte)) {
      this.#isCounted = false;
      this.#number.begin();
      this.#number.take(byte);
    }
    return true;
  }

  #step(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    switch (this.#mode) {
      case 'start':
        return at + (this.#takeStart(chunk[at] as number) ? 1 : 0);
      case 'count':
        return this.#takeCount(chunk, at, boundaries);
      case 'body':
        return this.#takeBody(chunk, at, boundaries);
      case 'line':
        return this.#takeLine(chunk, at, boundaries);
      default:
        return at + (this.#takeLost(chunk[at] as number, at, boundaries) ? 1 : 0);
    }
  }
}

/** Returns the frame with the length of a message of `size` bytes. */
function syslogCount(size: number): Frame | Unframeable {
  if (size === 0) return { problem: 'octet counting cannot carry an empty message' };
  return { head: Uint8Array.from(`${size} `, (char) => char.charCodeAt(0)), tail: noBytes };
}

/** Octet counting (RFC 6587, 3.4.1): a decimal length, a space, and that number of bytes of a syslog message. */
export const octet: Framing<{ readonly kind: 'octet' }> = {
  ...plain('octet', {
    text: 'octet',
    message: 'octet counting, RFC 6587: a decimal length and a space, then that number of bytes',
    sending: 'the length and the space; an empty message is refused',
  }),
  words: {
    short: 'octet counting',
    label: 'Octet counting (syslog, RFC 6587)',
    help: 'A decimal length and a space precede each message.',
  },
  wrong: {
    what: 'anything but a length and a space before a message',
    resume:
      'at the next `<` that follows a number and a space; that number is the length, and its digits are recorded with the wrong bytes',
  },
  adds: () => 'length and space before',
  createFramer: (_, maxMessage) => new SyslogFramer(maxMessage, false),
  frameAround: (_, size) => syslogCount(size),
  asItIs: (_, bytes) => asRead(new SyslogFramer(noLimit, false), bytes),
};

/** Syslog over TCP (RFC 6587): counted messages, and lines that begin with `<`. */
export const syslog: Framing<{ readonly kind: 'syslog' }> = {
  ...plain('syslog', {
    text: 'syslog',
    message:
      'syslog over TCP, RFC 6587: a message that begins with a digit from 1 to 9 is counted as under `octet`, one that begins with `<` ends with LF or CR LF',
    sending: 'the length and the space; an empty message is refused',
  }),
  words: {
    short: 'syslog',
    label: 'Syslog over TCP (RFC 6587)',
    help: 'A message that begins with a digit has a length prefix; one that begins with < ends with a line feed.',
  },
  wrong: {
    what: 'anything but a length and a space, or `<`, at the start of a message',
    resume: 'after the next line feed, or as under `octet`',
  },
  adds: () => 'length and space before',
  createFramer: (_, maxMessage) => new SyslogFramer(maxMessage, true),
  frameAround: (_, size) => syslogCount(size),
  asItIs: (_, bytes) => asRead(new SyslogFramer(noLimit, true), bytes),
  guesses: ['syslog'],
  /** A syslog message begins with one of 192 priorities. */
  evidence: (_, message, head) => (hasPriority(message, head) ? 24 : 2),
};

function hasPriority(message: Uint8Array, from: number): boolean {
  const [, priority = '192'] = /^<(\d{1,3})>/.exec(String.fromCharCode(...message.subarray(from, from + 5))) ?? [];
  return Number(priority) < 192;
}
