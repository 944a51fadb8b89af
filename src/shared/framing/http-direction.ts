import { toHex } from '../bytes/hex.ts';
import type { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { claimProblem, type Ending, fillerEnding, type LengthClaim } from './framer.ts';
import { BodyFields, hasNoBody, isInterim, isTokenByte, parseChunkSize, StartLine, shown } from './http-head.ts';
import { LineReader, LostBytes, OutstandingMethods } from './http-lines.ts';

const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const maxHead = 255;
/** The maximum number of bytes of a header, of the first line of a chunk, or of trailers. */
const maxHeader = 65_536;

/** The part of a message that the next byte belongs to. */
type Mode =
  | 'start'
  | 'fields'
  | 'body'
  | 'chunk-size'
  | 'chunk'
  | 'chunk-end'
  | 'trailers'
  | 'until-end'
  | 'lost'
  | 'raw';

/** The framing of one direction of a connection; `other` is the other direction. */
export class HttpDirection {
  other: HttpDirection | undefined;
  head = 0;
  /** Requests of the other direction that this one has not answered yet. */
  readonly methods = new OutstandingMethods();
  #mode: Mode = 'start';
  /** The lines of the current header, chunk line or trailers. */
  readonly #lines = new LineReader(maxHeader);
  readonly #start = new StartLine();
  readonly #fields = new BodyFields();
  /** Bytes of the body or chunk, and how many of them are missing. */
  #size = 0;
  #left = 0;
  readonly #lost = new LostBytes();
  /** After a chunk: the CR has been read. */
  #endsLine = false;
  #becomesRaw = false;
  readonly #maxMessage: number;

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    while (at < length) at = this.#step(chunk, at, boundaries);
  }

  /** The length that the current header or chunk claims. */
  get claim(): LengthClaim | undefined {
    const isChunk = this.#mode === 'chunk';
    if (!isChunk && this.#mode !== 'body') return undefined;
    return {
      name: isChunk ? 'chunk size' : 'Content-Length',
      says: this.#size,
      received: this.#size - this.#left,
      missing: this.#left,
      atLeast: isChunk,
    };
  }

  /** False between messages, if at most empty lines have been read. */
  get inside(): boolean {
    return this.#mode !== 'start' || this.#lines.taken > 0;
  }

  end(): Ending {
    const ending = this.#ending();
    this.#begin('start');
    this.#becomesRaw = false;
    this.head = 0;
    return ending;
  }

  #ending(): Ending {
    switch (this.#mode) {
      case 'start':
        if (this.#lines.taken === 0) return fillerEnding;
        break;
      case 'until-end':
      case 'raw':
        return { head: this.head, tail: 0, flags: 0 };
      case 'lost':
        return { head: this.head, tail: 0, flags: messageFlags.malformed, problem: this.#lost.problem };
    }
    return { head: this.head, tail: 0, flags: messageFlags.incomplete };
  }

  /** Reads bytes from `at` on; returns the offset of the next ones. */
  #step(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    switch (this.#mode) {
      case 'start':
        return this.#takeStart(chunk, at, boundaries);
      case 'body':
      case 'chunk':
        return this.#skip(chunk, at, boundaries);
      case 'chunk-end':
        return this.#takeChunkEnd(chunk[at] as number, at + 1, boundaries);
      case 'until-end':
        return chunk.length;
      case 'lost':
        return this.#findStart(chunk, at, boundaries);
      case 'raw':
        this.#finish(boundaries, chunk.length);
        return chunk.length;
      default: {
        const next = this.#readLine(chunk, at, boundaries);
        if (next >= 0) this.#takeLine(next, boundaries);
        return next < 0 ? ~next : next;
      }
    }
  }

  #takeStart(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    if (this.#lines.taken === 0) {
      const byte = chunk[at] as number;
      if (byte === carriageReturn || byte === lineFeed) {
        this.head += 1;
        if (this.head === maxHead) {
          this.head = 0;
          boundaries.push(at + 1, 0, 0, messageFlags.filler);
        }
        return at + 1;
      }
      if (!isTokenByte(byte)) {
        this.#lose(`the byte ${toHex(Uint8Array.of(byte))} does not start an HTTP message`);
        this.#lost.any = true;
        return at;
      }
    }
    const next = this.#readLine(chunk, at, boundaries);
    if (next < 0) return ~next;
    const { source, from, to } = this.#lines;
    if (this.#lines.hasControl || !this.#start.read(source, from, to)) {
      this.#fail(boundaries, next, `“${shown(source, from, to)}” is not an HTTP/1 start line`);
      return next;
    }
    this.#fields.begin();
    this.#mode = 'fields';
    return next;
  }

  /**
   * Reads the line that contains `at` and returns the offset of the next line. If the line continues in the next chunk or is too
   * long, returns the complement (`~`) of the offset at which reading continues.
   */
  #readLine(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    const next = this.#lines.read(chunk, at);
    if (this.#lines.full) {
      const what = this.#mode === 'chunk-size' ? 'the first line of a chunk' : 'the header';
      this.#fail(boundaries, ~next, `${what} has more than ${maxHeader} bytes`, false);
    }
    return next;
  }

  /** Processes a line of the header, the first line of a chunk, or a trailer; it ends before `end`. */
  #takeLine(end: number, boundaries: Boundaries): void {
    const { source, from, to, hasControl } = this.#lines;
    if (hasControl) this.#fields.refuse(source, from, to);
    if (this.#mode === 'chunk-size') {
      this.#takeChunkSize(end, boundaries);
    } else if (this.#mode === 'trailers') {
      if (to > from) this.#fields.takeTrailer(source, from, to);
      else if (this.#fields.problem !== '') this.#fail(boundaries, end, this.#fields.problem);
      else this.#finish(boundaries, end);
    } else if (to > from) {
      this.#fields.take(source, from, to);
    } else {
      this.#endHeader(end, boundaries);
    }
  }

  #endHeader(end: number, boundaries: Boundaries): void {
    this.#fields.end();
    const { problem, chunked, encoded, length } = this.#fields;
    const { method, status } = this.#start;
    const isRequest = status === 0;
    if (isRequest) this.other?.methods.asked(method);
    const asked = isRequest || isInterim(status) ? '' : this.methods.answered();
    if (problem !== '') {
      this.#fail(boundaries, end, problem);
    } else if (!isRequest && hasNoBody(status, asked)) {
      if (status === 101 || asked === 'CONNECT') this.#leaveHttp();
      this.#finish(boundaries, end);
    } else if (chunked) {
      this.#begin('chunk-size');
    } else if (encoded && isRequest) {
      this.#fail(boundaries, end, 'the Transfer-Encoding of a request does not end with “chunked”');
    } else if (!encoded && length > 0) {
      this.#beginCounted('body', length, end, boundaries);
    } else if (isRequest || (!encoded && length === 0)) {
      this.#finish(boundaries, end);
    } else {
      this.#begin('until-end');
    }
  }

  /** Another protocol follows, in both directions. */
  #leaveHttp(): void {
    this.#becomesRaw = true;
    this.other?.becomeRaw();
  }

  becomeRaw(): void {
    this.#becomesRaw = true;
    if (this.#mode === 'start' || this.#mode === 'lost') this.#begin('raw');
  }

  #takeChunkSize(end: number, boundaries: Boundaries): void {
    const { source, from, to } = this.#lines;
    const size = this.#lines.hasControl ? -1 : parseChunkSize(source, from, to);
    if (size < 0) {
      this.#fail(boundaries, end, `“${shown(source, from, to)}” is not a chunk size`);
    } else if (size === 0) {
      this.#fields.begin();
      this.#begin('trailers');
    } else {
      this.#beginCounted('chunk', size, end, boundaries);
    }
  }

  /** Begins a body or chunk of `size` bytes if they can be counted. One above the limit is recorded in pieces. */
  #beginCounted(mode: 'body' | 'chunk', size: number, end: number, boundaries: Boundaries): void {
    if (size > Number.MAX_SAFE_INTEGER) {
      this.#fail(boundaries, end, claimProblem(size, this.#maxMessage));
      return;
    }
    this.#left = size;
    this.#size = size;
    this.#begin(mode);
  }

  #skip(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    const step = Math.min(this.#left, chunk.length - at);
    this.#left -= step;
    if (this.#left === 0) {
      if (this.#mode === 'body') this.#finish(boundaries, at + step);
      else this.#begin('chunk-end');
    }
    return at + step;
  }

  /** Processes the line end after the data of a chunk. */
  #takeChunkEnd(byte: number, end: number, boundaries: Boundaries): number {
    if (byte === lineFeed) this.#begin('chunk-size');
    else if (byte === carriageReturn && !this.#endsLine) this.#endsLine = true;
    else this.#fail(boundaries, end, 'a chunk is longer than its size', false);
    return end;
  }

  /** While lost: skips to the next start line. */
  #findStart(chunk: Uint8Array, at: number, boundaries: Boundaries): number {
    if (!this.#lost.endsAt(chunk[at] as number)) return this.#lost.skipLine(chunk, at);
    if (this.#lost.any) boundaries.pushMalformed(at, this.head, 0, this.#lost.problem);
    this.head = 0;
    this.#begin('start');
    return at;
  }

  #begin(mode: Mode): void {
    this.#mode = mode;
    this.#lines.begin();
    this.#endsLine = false;
  }

  #finish(boundaries: Boundaries, end: number): void {
    boundaries.push(end, this.head, 0, 0);
    this.head = 0;
    this.#begin(this.#becomesRaw ? 'raw' : 'start');
  }

  /** Marks the current message as malformed up to `end`. The next byte may begin a line or not. */
  #fail(boundaries: Boundaries, end: number, problem: string, lineBegins = true): void {
    boundaries.pushMalformed(end, this.head, 0, problem);
    this.head = 0;
    this.#lose('no HTTP/1 start line begins here');
    this.#lost.lineBegins = lineBegins;
  }

  #lose(problem: string): void {
    this.#begin(this.#becomesRaw ? 'raw' : 'lost');
    this.#lost.begin(problem);
  }
}
