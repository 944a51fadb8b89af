import { toHex } from '../../bytes/hex.ts';
import { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { claimProblem, type Ending, type Framer, type LengthClaim } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';

/** The maximum length that PostgreSQL accepts. */
const maxLength = 0x3fff_ffff;
/** The requests for TLS and for GSSAPI, which are answered with one byte. */
const requests = [80_877_103, 80_877_104];
const yes = 0x53;
const no = 0x4e;
const gss = 0x47;

/**
 * A framer for PostgreSQL's protocol 3: a type byte, and a length that includes itself. A message that begins with 00 has no type:
 * a client's first ones. One byte answers a client's request for encryption; `sent` reports that request, and at the start of a stream
 * the bytes after that answer show it. A message with an invalid type or length is malformed up to the next byte that can be a type.
 */
class PostgresFramer implements Framer {
  readonly pendingHead = 0;
  readonly #here: PostgresDirection;
  readonly #there: PostgresDirection;
  readonly #scratch = new Boundaries();

  constructor(maxMessage: number) {
    this.#here = new PostgresDirection(maxMessage);
    this.#there = new PostgresDirection(maxMessage);
  }

  get claim(): LengthClaim | undefined {
    return this.#here.claim;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    this.#here.push(chunk, boundaries);
  }

  end(): Ending {
    return this.#here.end();
  }

  sent(bytes: Uint8Array): void {
    this.#scratch.clear();
    this.#there.push(bytes, this.#scratch);
    this.#here.answers += this.#there.requested;
    this.#there.requested = 0;
  }
}

function isType(byte: number): boolean {
  return (byte >= 0x31 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function isAnswer(byte: number): boolean {
  return byte === yes || byte === no || byte === gss;
}

class PostgresDirection {
  /** Requests for encryption that this direction has not answered yet. */
  answers = 0;
  /** Requests for encryption in this direction. */
  requested = 0;
  /** Bytes of the body that are missing. */
  left = 0;
  /** Bytes of the type and length so far; those of an untyped message begin with its length. */
  #header = 0;
  #type = 0;
  #length = 0;
  /** The first four bytes of the body of an untyped message. */
  #code = 0;
  #codeBytes = 0;
  #isFirst = true;
  #problem = '';
  readonly #maxMessage: number;

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  /** The length that the message claims, which includes its own four bytes. */
  get claim(): LengthClaim | undefined {
    const { left } = this;
    return left === 0 ? undefined : { says: this.#length, received: this.#length - 4 - left, missing: left };
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#problem !== '') at = this.#scanLost(chunk, at, boundaries);
      else if (this.left > 0) at = this.#takeBody(chunk, at, boundaries);
      else if (this.#takeHeader(chunk[at] as number, at, boundaries)) at += 1;
    }
  }

  end(): Ending {
    const problem = this.#problem;
    this.#begin();
    this.#isFirst = true;
    if (problem !== '') return { head: 0, tail: 0, flags: messageFlags.malformed, problem };
    return { head: 0, tail: 0, flags: messageFlags.incomplete };
  }

  #begin(): void {
    this.#header = 0;
    this.#type = 0;
    this.#length = 0;
    this.left = 0;
    this.#code = 0;
    this.#codeBytes = 0;
    this.#problem = '';
  }

  #finish(boundaries: Boundaries, end: number): void {
    if (this.#type === 0 && requests.includes(this.#code)) this.requested += 1;
    boundaries.push(end, 0, 0, 0);
    this.#isFirst = false;
    this.#begin();
  }

  #lose(problem: string): false {
    this.#begin();
    this.#problem = problem;
    this.#isFirst = false;
    return false;
  }

  #scanLost(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    let at = from;
    while (at < chunk.length && !isType(chunk[at] as number)) at += 1;
    if (at === chunk.length) return at;
    boundaries.pushMalformed(at, 0, 0, this.#problem);
    this.#begin();
    return at;
  }

  /** Processes a byte of the header; returns false if it does not belong to it. */
  #takeHeader(byte: number, at: number, boundaries: Boundaries): boolean {
    if (this.#header === 0) return this.#takeFirst(byte, at, boundaries);
    if (this.#header === 1 && this.#type !== 0 && byte !== 0 && this.#isFirst && isAnswer(this.#type)) {
      // No message is that long: the previous byte was the answer to a request that is not known here.
      this.#finish(boundaries, at);
      return false;
    }
    this.#length = this.#length * 256 + byte;
    this.#header += 1;
    const size = this.#type === 0 ? 4 : 5;
    if (this.#header < size) return true;
    const least = this.#type === 0 ? 8 : 4;
    const tooLong = claimProblem(size - 4 + this.#length, this.#maxMessage);
    if (tooLong !== '') {
      boundaries.pushMalformed(at + 1, 0, 0, tooLong);
      this.#isFirst = false;
      this.#begin();
      return true;
    }
    if (this.#length < least || this.#length > maxLength) {
      return this.#lose(`the length ${this.#length} is not ${least} to ${maxLength}`);
    }
    this.left = this.#length - 4;
    if (this.left === 0) this.#finish(boundaries, at + 1);
    return true;
  }

  #takeFirst(byte: number, at: number, boundaries: Boundaries): boolean {
    if (this.answers > 0 && isAnswer(byte)) {
      this.answers -= 1;
      this.#finish(boundaries, at + 1);
      return true;
    }
    if (byte !== 0 && !isType(byte)) return this.#lose(`the byte ${toHex(Uint8Array.of(byte))} is not a message type`);
    this.#type = byte;
    this.#header = 1;
    return true;
  }

  #takeBody(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const step = Math.min(this.left, chunk.length - from);
    if (this.#type === 0) {
      for (let at = from; at < from + step && this.#codeBytes < 4; at += 1) {
        this.#code = this.#code * 256 + (chunk[at] as number);
        this.#codeBytes += 1;
      }
    }
    this.left -= step;
    if (this.left === 0) this.#finish(boundaries, from + step);
    return from + step;
  }
}

/** PostgreSQL's protocol 3: messages with a type, and the messages without a type at the start of a connection. */
export const postgres: Framing<{ readonly kind: 'postgres' }> = {
  ...plain('postgres', {
    text: 'postgres',
    message: "one message of PostgreSQL's protocol 3, type and length included",
    sending: 'nothing',
  }),
  words: {
    short: 'PostgreSQL',
    label: 'PostgreSQL, protocol 3',
    help: 'Each message begins with a type and a length; the client’s first message has no type.',
  },
  wrong: {
    what: 'a type that is not a letter or digit; a length below its own 4 bytes or above 1 GiB',
    resume: 'at the next letter or digit',
  },
  createFramer: (_, maxMessage) => new PostgresFramer(maxMessage),
  guesses: ['postgres'],
  evidence: (_, message) => (message.length > 4 ? 32 - Math.log2(message.length) + 2 : 2),
};
