import { type Failure, fail } from '#shared/failure.ts';
import type { InputPayload, InputSplit } from './input-source.ts';
import { maxPayloadBytes } from './payload.ts';
import { unreadable } from './unreadable.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Gives what `stream` brings, piece by piece as it comes. Ends with a failure where it cannot be read, or where a line is
 * longer than one message may be.
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
      if (lines && lines.waiting > maxPayloadBytes) return tooLong(name, lines.waiting);
    }
  } catch (error) {
    const failed = unreadable(name, error);
    return failed.ok ? undefined : failed.error;
  }
  if (lines) yield* lines.end();
  return undefined;
}

function tooLong(name: string, bytes: number): Failure {
  return fail('too-large', `Could not send a line of ${name}`, {
    system: `it has ${bytes} bytes and goes on, and one message has at most ${maxPayloadBytes}`,
    hint: 'Send it without --lines.',
  }).error;
}

/** Puts lines together that come in several reads. */
class Lines {
  readonly #keepEnds: boolean;
  readonly #held: Uint8Array[] = [];
  /** Bytes of the line that has not ended. */
  waiting = 0;

  constructor(split: InputSplit) {
    this.#keepEnds = split === 'whole-lines';
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      this.#hold(chunk.subarray(from, at + 1));
      from = at + 1;
      yield this.#take();
    }
    // What is held outlives the read.
    if (from < chunk.length) this.#hold(chunk.slice(from));
  }

  *end(): Generator<Uint8Array> {
    if (this.waiting > 0) yield this.#take();
  }

  #hold(part: Uint8Array): void {
    this.#held.push(part);
    this.waiting += part.length;
  }

  #take(): Uint8Array {
    const [only] = this.#held;
    const line = only && this.#held.length === 1 ? only : Buffer.concat(this.#held);
    this.#held.length = 0;
    this.waiting = 0;
    if (this.#keepEnds || line.at(-1) !== lineFeed) return line;
    return line.subarray(0, line.length - (line.at(-2) === carriageReturn ? 2 : 1));
  }
}
