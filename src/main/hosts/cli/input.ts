import fs from 'node:fs';
import net from 'node:net';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { openError, readFlags, unreadableFile } from '#files/regular-file.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { Scope } from '#shared/template/scope.ts';

/** Maximum size of a payload in memory, as in the app. A file may have any size. */
export const maxPayloadBytes = 64 * 1_048_576;

/** The options that name a payload. */
export interface PayloadSource {
  readonly data?: string | undefined;
  readonly file?: string | undefined;
  readonly hex?: Uint8Array | undefined;
  /** True for the standard input; `lines`: each of its lines is a message. */
  readonly stdin: boolean | 'lines';
  /** The name of a payload of the workspace. */
  readonly payload?: string | undefined;
  /** The folder of the workspace. */
  readonly workspace?: string | undefined;
  /** The name of an environment of the workspace. */
  readonly env?: string | undefined;
  /** Variables of the template, which replace those of the environment. */
  readonly set?: readonly (readonly [name: string, value: string])[] | undefined;
  /** The checksum to append, as it is spelled. */
  readonly checksum?: string | undefined;
  /** The name of a send list of the workspace. */
  readonly list?: string | undefined;
  /** The path of a file with the rows of the list. */
  readonly rows?: string | undefined;
}

/** A stream that is sent, and its name in messages. */
export interface InputSource {
  readonly name: string;
  readonly stream: Readable & { readonly isTTY?: boolean };
}

/** How an input is split into messages. */
export type InputSplit =
  /** Each read is a message. */
  | 'reads'
  /** Each line is a message, without its line end (LF or CR LF). */
  | 'lines'
  /** Each line is a message, with its line end. */
  | 'whole-lines';

/** A stream that is sent as it arrives. */
export interface InputPayload extends InputSource {
  readonly kind: 'input';
  readonly split: InputSplit;
}

/** What `--file` names: a file with a known size, or a stream. */
type FileSource =
  | { readonly kind: 'file'; readonly file: string; readonly size: number }
  | ({ readonly kind: 'stream' } & InputSource);

/** What the template of one message reads. */
export type MessageValues = Pick<Scope, 'connection' | 'last' | 'message'>;

/** The payload: bytes, a template that is rendered for each message, or the path of a file that is read while it is sent. */
export type Payload =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly isFramed?: boolean }
  | {
      readonly kind: 'rendered';
      readonly next: (values: MessageValues) => Result<Uint8Array>;
      /** The template reads the last received message, so that each message is rendered when it is sent. */
      readonly usesLast: boolean;
      /** The bytes have the framing of the payload. */
      readonly isFramed: boolean;
    }
  | { readonly kind: 'file'; readonly file: string; readonly size: number };

/** Returns the standard input as a source. */
export function standardInput(): InputSource {
  return { name: 'the standard input', stream: process.stdin };
}

/** Paths of the standard input. Opening them fails if it is a socket. */
const ownInput = ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/**
 * Opens `path`. A pipe (`<(…)` of the shell, a FIFO) or a device becomes a stream, which is not read yet. Fails if the system
 * cannot open the path, or it is a folder.
 */
export async function openFileSource(path: string): Promise<Result<FileSource>> {
  try {
    if (ownInput.includes(path) && !fs.fstatSync(0).isFile()) {
      return ok({ kind: 'stream', name: path, stream: process.stdin });
    }
    const fd = fs.openSync(path, readFlags);
    const stats = fs.fstatSync(fd);
    if (!stats.isFile() && !stats.isDirectory())
      return ok({ kind: 'stream', name: path, stream: streamOf(path, fd, stats) });
    fs.closeSync(fd);
    if (stats.isFile()) return ok({ kind: 'file', file: resolve(path), size: stats.size });
    return unreadable(path, Object.assign(new Error(), { code: 'EISDIR', syscall: 'read' }));
  } catch (error) {
    return unreadable(path, openError(error));
  }
}

/** Returns a stream over the descriptor of a pipe or a device, which is in non-blocking mode. */
function streamOf(path: string, fd: number, stats: fs.Stats): Readable {
  if (isatty(fd)) return new ReadStream(fd);
  if (stats.isFIFO()) return new net.Socket({ fd, readable: true, writable: false });
  return fs.createReadStream(path, { fd });
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Yields the pieces of `stream` as they arrive. Returns a failure if the stream cannot be read, or if a line is longer than
 * the maximum size of a message.
 */
export async function* inputPieces({
  name,
  stream,
  split,
}: Pick<InputPayload, 'name' | 'split'> & { readonly stream: AsyncIterable<Uint8Array> }): AsyncGenerator<
  Uint8Array,
  Failure | undefined
> {
  const lines = split === 'reads' ? undefined : new Lines(split);
  try {
    for await (const chunk of stream) {
      if (!lines) yield chunk;
      else yield* lines.push(chunk);
      if (lines && lines.waiting > maxPayloadBytes) return lineTooLong(name);
    }
  } catch (error) {
    const failed = unreadable(name, error);
    return failed.ok ? undefined : failed.error;
  }
  if (lines) yield* lines.end();
  return undefined;
}

function lineTooLong(name: string): Failure {
  return fail('too-large', `Could not send a line of ${name}`, {
    system: `the line is longer than the maximum of ${maxPayloadBytes} bytes`,
    hint: 'Send it without --stdin lines.',
  }).error;
}

/** Assembles lines from reads. */
class Lines {
  readonly #keepEnds: boolean;
  readonly #parts: Uint8Array[] = [];
  /** Bytes of the incomplete line. */
  waiting = 0;

  constructor(split: InputSplit) {
    this.#keepEnds = split === 'whole-lines';
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      this.#add(chunk.subarray(from, at + 1));
      from = at + 1;
      yield this.#line();
    }
    // A copy: the rest outlives the read.
    if (from < chunk.length) this.#add(chunk.slice(from));
  }

  *end(): Generator<Uint8Array> {
    if (this.waiting > 0) yield this.#line();
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.waiting += part.length;
  }

  #line(): Uint8Array {
    const [only] = this.#parts;
    const line = only && this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    this.#parts.length = 0;
    this.waiting = 0;
    if (this.#keepEnds || line.at(-1) !== lineFeed) return line;
    return line.subarray(0, line.length - (line.at(-2) === carriageReturn ? 2 : 1));
  }
}

/** Returns the failure of reading the file or stream `name`. */
export function unreadable(name: string, error: unknown): Result<never> {
  return { ok: false, error: unreadableFile(`Could not read ${name}`, error) };
}
