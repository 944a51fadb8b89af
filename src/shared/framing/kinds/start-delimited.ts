import type { Boundaries } from '../../message/boundaries.ts';
import { failureTable } from '../delimiter.ts';
import { asRead } from '../encoding.ts';
import { findOrEnd } from '../find.ts';
import { canonicalHex, endsWith, type Framing, hexBytes, join, noBytes } from '../framing.ts';
import { type MessageRest, StartedFramer, wrongStart } from '../mark.ts';
import { delimiterValue, isDelimiter, startValue } from '../values.ts';

interface StartDelimitedSpec {
  kind: 'start-delimited';
  start: string;
  delimiter: string;
}

/** Start bytes, then the message up to a delimiter. */
export const startDelimited: Framing<StartDelimitedSpec> = {
  kind: 'start-delimited',
  words: {
    short: 'start … delimiter',
    label: 'Start bytes and a delimiter',
    help: 'A message begins with start bytes and ends with a delimiter that you specify.',
  },
  spellings: [
    {
      text: 'start:HEX:delim:HEX',
      message: 'the bytes between 1 to 32 start bytes and a delimiter of 1 to 32 bytes: `start:24:delim:0d0a`',
      sending: 'the start bytes, and the delimiter, unless the message ends with it',
    },
  ],
  wrong: wrongStart,
  values: { start: startValue, delimiter: delimiterValue },
  adds: () => 'start bytes and delimiter',
  parse(text) {
    const [, start = '', delimiter = ''] = /^start:([0-9a-f]+):delim:([0-9a-f]+)$/i.exec(text) ?? [];
    if (!isDelimiter(start) || !isDelimiter(delimiter)) return undefined;
    return { kind: 'start-delimited', start: start.toLowerCase(), delimiter: delimiter.toLowerCase() };
  },
  format: (spec) => `start:${canonicalHex(spec.start)}:delim:${canonicalHex(spec.delimiter)}`,
  createFramer: framerOf,
  frameAround: (spec) => ({ head: hexBytes(spec.start), tail: hexBytes(spec.delimiter) }),
  /** Does not add a second delimiter to a body that ends with it. */
  encode(spec, body) {
    const head = hexBytes(spec.start);
    const tail = hexBytes(spec.delimiter);
    const bytes = join(head, body, endsWith(body, tail) ? noBytes : tail);
    return { bytes, head: head.length, tail: tail.length };
  },
  asItIs: (spec, bytes) => asRead(framerOf(spec), bytes),
};

function framerOf(spec: StartDelimitedSpec): StartedFramer {
  return new StartedFramer(hexBytes(spec.start), new UpToDelimiter(hexBytes(spec.delimiter)));
}

class UpToDelimiter implements MessageRest {
  isOver = false;
  readonly #delimiter: Uint8Array;
  readonly #fallbacks: Uint8Array;
  /** The number of bytes of the delimiter at the end of the bytes scanned so far. */
  #matched = 0;

  constructor(delimiter: Uint8Array) {
    this.#delimiter = delimiter;
    this.#fallbacks = failureTable(delimiter);
  }

  /** Uses Knuth, Morris and Pratt’s automaton. */
  scan(chunk: Uint8Array, from: number, head: number, boundaries: Boundaries): number {
    const delimiter = this.#delimiter;
    const fallbacks = this.#fallbacks;
    const first = delimiter[0] as number;
    const length = chunk.length;
    let matched = this.#matched;
    let at = from;
    while (at < length) {
      if (matched === 0) at = findOrEnd(chunk, first, at);
      if (at === length) break;
      const byte = chunk[at] as number;
      while (matched > 0 && byte !== delimiter[matched]) matched = fallbacks[matched - 1] as number;
      if (byte === delimiter[matched]) matched += 1;
      at += 1;
      if (matched === delimiter.length) {
        boundaries.push(at, head, matched, 0);
        this.isOver = true;
        break;
      }
    }
    this.#matched = matched;
    return at;
  }

  begin(): void {
    this.isOver = false;
    this.#matched = 0;
  }
}
