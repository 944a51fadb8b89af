const colon = 0x3a;
const comma = ',';

const tokenBytes = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  tokenBytes[char.charCodeAt(0)] = 1;
}

/** True for a byte that a method, a field's name or `HTTP/1.1` can have (RFC 9110, 5.6.2). */
export function isTokenByte(byte: number): boolean {
  return tokenBytes[byte] === 1;
}

export type StartLine =
  | { readonly kind: 'request'; readonly method: string }
  | { readonly kind: 'response'; readonly status: number };

/** Reads a start line of HTTP/1 (RFC 9112, 3 and 4) in the bytes of `line`; `undefined` where they are none. */
export function parseStartLine(line: Uint8Array): StartLine | undefined {
  const text = latin1(line);
  const status = /^HTTP\/1\.\d ([1-9]\d\d)(?: .*)?$/.exec(text);
  if (status) return { kind: 'response', status: Number(status[1]) };
  const request = /^(\S+) \S+ HTTP\/1\.\d$/.exec(text);
  const method = request?.[1] ?? '';
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method) ? { kind: 'request', method } : undefined;
}

/** What the fields of one header say of the body's length (RFC 9112, 6). */
export class BodyFields {
  /** Bytes of the body by Content-Length; -1 without one. */
  length = -1;
  /** There is a Transfer-Encoding, and its last word is `chunked`. */
  encoded = false;
  chunked = false;
  /** What is wrong with the header, as a sentence without a full stop; empty where nothing is. */
  problem = '';

  /** Takes one line of the header. */
  take(line: Uint8Array): void {
    const first = line[0];
    // A folded line continues the one before it (obs-fold); no field that counts here is folded.
    if (first === 0x20 || first === 0x09) return;
    let name = 0;
    while (name < line.length && tokenBytes[line[name] as number] === 1) name += 1;
    if (name === 0 || line[name] !== colon) {
      this.#fail(`the header line “${shown(line)}” is no field`);
    } else if (name === 14 && latin1(line.subarray(0, name)).toLowerCase() === 'content-length') {
      this.#takeLength(latin1(line.subarray(name + 1)).trim());
    } else if (name === 17 && latin1(line.subarray(0, name)).toLowerCase() === 'transfer-encoding') {
      this.encoded = true;
      this.chunked = /(?:^|[\s,])chunked$/i.test(latin1(line.subarray(name + 1)).trim());
    }
  }

  #takeLength(value: string): void {
    for (const part of value.split(comma)) {
      const digits = part.trim();
      const length = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
      if (!Number.isSafeInteger(length)) this.#fail(`the Content-Length “${clip(value)}” is no length`);
      else if (this.length >= 0 && length !== this.length) {
        this.#fail(`two Content-Lengths contradict each other: ${this.length} and ${length}`);
      } else this.length = length;
    }
  }

  #fail(problem: string): void {
    if (this.problem === '') this.problem = problem;
  }
}

/** The size that the first line of a chunk gives, extensions ignored (RFC 9112, 7.1); -1 where it is none. */
export function parseChunkSize(line: Uint8Array): number {
  const digits = /^([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?$/.exec(latin1(line))?.[1];
  const size = digits === undefined ? -1 : Number.parseInt(digits, 16);
  return Number.isSafeInteger(size) ? size : -1;
}

/** The start of `line` for an error's text. */
export function shown(line: Uint8Array): string {
  return clip(latin1(line.subarray(0, 80)).replace(/[^ -~]/g, '·'));
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
