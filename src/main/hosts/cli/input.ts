import { type Failure, fail } from '#shared/failure.ts';
import type { InputPayload, InputSplit } from './input-source.ts';
import { maxPayloadBytes } from './payload.ts';
import { unreadable } from './unreadable.ts';

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
      if (lines && lines.waiting > maxPayloadBytes) return tooLong(name);
    }
  } catch (error) {
    const failed = unreadable(name, error);
    return failed.ok ? undefined : failed.error;
  }
  if (lines) yield* lines.end();
  return undefined;
}

function tooLong(name: string): Failure {
  return fail('too-large', `Could not send a line of ${name}`, {
    system: `the line is longer than the maximum of ${maxPayloadBytes} bytes`,
    hint: 'Send it without --lines.',
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
