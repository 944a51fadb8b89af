const colon = 0x3a;
const space = 0x20;
const tab = 0x09;
const comma = ',';

const tokenBytes = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  tokenBytes[char.charCodeAt(0)] = 1;
}

/** Returns true for a byte of a token (RFC 9110, 5.6.2), with which each start line begins. */
export function isTokenByte(byte: number): boolean {
  return tokenBytes[byte] === 1;
}

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const version = bytesOf('HTTP/1.');
const contentLength = bytesOf('content-length');
const transferEncoding = bytesOf('transfer-encoding');

/** The first line of a message: the method of a request, or the status of a response. */
export class StartLine {
  /** Empty for a response. */
  method = '';
  /** 0 for a request. */
  status = 0;

  /** Parses the bytes `from` to `to` of `source` (RFC 9112, 3 and 4); returns false if they are not an HTTP/1 start line. */
  read(source: Uint8Array, from: number, to: number): boolean {
    this.method = '';
    this.status = 0;
    const versionEnd = from + version.length + 1;
    if (versionEnd <= to && isVersion(source, from, versionEnd)) return this.#readStatus(source, versionEnd, to);
    const first = skipToken(source, from, to);
    if (first === from || source[first] !== space) return false;
    let target = first + 1;
    while (target < to && source[target] !== space && source[target] !== tab) target += 1;
    if (target === first + 1 || source[target] !== space || !isVersion(source, target + 1, to)) return false;
    this.method = latin1(source, from, first);
    return true;
  }

  #readStatus(source: Uint8Array, at: number, to: number): boolean {
    const end = at + 4;
    if (source[at] !== space || end > to || (end < to && source[end] !== space)) return false;
    const status = readDigits(source, at + 1, end);
    if (!(status >= 100)) return false;
    this.status = status;
    return true;
  }
}

/** Returns true if the bytes are `HTTP/1.` and a digit. */
function isVersion(source: Uint8Array, from: number, to: number): boolean {
  if (to - from !== version.length + 1 || !startsWith(source, from, version)) return false;
  return !Number.isNaN(readDigits(source, to - 1, to));
}

/** The length of a body as the fields of one header give it (RFC 9112, 6). */
export class BodyFields {
  /** Bytes of the body by Content-Length, not exact above 2^53 - 1; -1 without one. */
  length = -1;
  /** There is a Transfer-Encoding, and its last word is `chunked`. */
  encoded = false;
  chunked = false;
  /** The content of the last field, for a line that continues it. */
  #last: 'nothing' | 'the length' | 'other' = 'nothing';
  /** Why the header is wrong, as a sentence without a full stop; empty if it is not. */
  problem = '';

  /** Starts the next header. */
  begin(): void {
    this.length = -1;
    this.encoded = false;
    this.chunked = false;
    this.problem = '';
    this.#last = 'nothing';
  }

  /** Ends the header and checks its fields against each other. */
  end(): void {
    // RFC 9112, 6.3: two lengths are a mistake or an attempt to have two readers see different messages.
    if (this.encoded && this.length >= 0) this.#fail('there are both a Content-Length and a Transfer-Encoding');
  }

  /** Parses one line of the header: the bytes `from` to `to` of `source`. */
  take(source: Uint8Array, from: number, to: number): void {
    if (source[from] === space || source[from] === tab) {
      // A folded line continues the previous field (obs-fold).
      if (this.#last === 'nothing') this.#fail('white space before the first field');
      if (this.#last === 'the length') this.#fail('a field that gives the length continues on a second line');
      return;
    }
    this.#last = 'other';
    const end = this.#takeName('header', source, from, to);
    if (end < 0) return;
    if (isField(source, from, end, contentLength)) {
      this.#last = 'the length';
      this.#takeLength(source, end + 1, to);
    } else if (isField(source, from, end, transferEncoding)) {
      this.#last = 'the length';
      this.encoded = true;
      this.chunked = /(?:^|[\s,])chunked$/i.test(latin1(source, end + 1, to).trim());
    }
  }

  /** Parses one line of the trailers after the last chunk, in which no field gives a length (RFC 9110, 6.5.1). */
  takeTrailer(source: Uint8Array, from: number, to: number): void {
    const isFolded = source[from] === space || source[from] === tab;
    if (!isFolded) this.#takeName('trailer', source, from, to);
    else if (this.#last === 'nothing') this.#fail('white space before the first trailer');
    this.#last = 'other';
  }

  /** Returns the offset of the end of the field's name; -1 if the line is not a field. */
  #takeName(what: 'header' | 'trailer', source: Uint8Array, from: number, to: number): number {
    const end = skipToken(source, from, to);
    if (end > from && end < to && source[end] === colon) return end;
    this.#fail(`the ${what} line “${shown(source, from, to)}” is not a field`);
    return -1;
  }

  #takeLength(source: Uint8Array, from: number, to: number): void {
    const only = readDigits(source, source[from] === space ? from + 1 : from, to);
    if (only >= 0) {
      this.#setLength(only);
      return;
    }
    const value = latin1(source, from, to).trim();
    for (const part of value.split(comma)) {
      const digits = part.trim();
      if (/^\d+$/.test(digits)) this.#setLength(Number(digits));
      else this.#fail(`the Content-Length “${clip(value)}” is not a length`);
    }
  }

  #setLength(length: number): void {
    if (this.length >= 0 && length !== this.length) {
      this.#fail(`two Content-Lengths contradict each other: ${this.length} and ${length}`);
    } else {
      this.length = length;
    }
  }

  /** Refuses a line with a control character, `from` to `to` of `source`: readers interpret it differently. */
  refuse(source: Uint8Array, from: number, to: number): void {
    this.#fail(`“${shown(source, from, to)}” contains a control character`);
  }

  #fail(problem: string): void {
    if (this.problem === '') this.problem = problem;
  }
}

/** Returns true for a response that another one to the same request follows (RFC 9110, 15.2). */
export function isInterim(status: number): boolean {
  return status < 200 && status !== 101;
}

/** Returns true for a response that ends with its header, regardless of its fields (RFC 9112, 6.3). */
export function hasNoBody(status: number, asked: string): boolean {
  if (status < 200 || status === 204 || status === 304 || asked === 'HEAD') return true;
  return asked === 'CONNECT' && status < 300;
}

const token = "[!#$%&'*+.^_`|~\\w-]+";
const extension = `[ \\t]*;[ \\t]*${token}(?:[ \\t]*=[ \\t]*(?:${token}|"(?:[^"\\\\]|\\\\.)*"))?`;
const chunkLine = new RegExp(`^([0-9A-Fa-f]{1,16})(?:${extension})*$`);

/** Parses the size in the first line of a chunk without its extensions (RFC 9112, 7.1); not exact above 2^53 - 1, -1 if invalid. */
export function parseChunkSize(source: Uint8Array, from: number, to: number): number {
  const digits = chunkLine.exec(latin1(source, from, to))?.[1];
  return digits === undefined ? -1 : Number.parseInt(digits, 16);
}

/** Returns the start of a line for the text of an error. */
export function shown(source: Uint8Array, from: number, to: number): string {
  return clip(latin1(source, from, Math.min(to, from + 80)).replace(/[^ -~]/g, '·'));
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function skipToken(source: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && tokenBytes[source[at] as number] === 1) at += 1;
  return at;
}

/** Parses at most 15 decimal digits; returns NaN for other text. */
function readDigits(source: Uint8Array, from: number, to: number): number {
  if (from === to || to - from > 15) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = (source[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function startsWith(source: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at += 1) if (source[from + at] !== word[at]) return false;
  return true;
}

/** Returns true if the bytes are `name`, which is in lower case; case does not matter. */
function isField(source: Uint8Array, from: number, to: number, name: Uint8Array): boolean {
  if (to - from !== name.length) return false;
  // OR 0x20 maps no byte of a token to a character of another name: a dash is unchanged.
  for (let at = 0; at < name.length; at += 1) if (((source[from + at] as number) | 0x20) !== name[at]) return false;
  return true;
}

function latin1(source: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(source[at] as number);
  return text;
}
