import type { Boundaries } from '../../message/boundaries.ts';
import { fixedPadding } from '../counted.ts';
import { asRead } from '../encoding.ts';
import { findOrEnd, type LengthClaim } from '../framer.ts';
import { canonicalHex, endsWith, type Framing, hexBytes, join, noBytes } from '../framing.ts';
import { type MessageRest, StartedFramer, wrongStart } from '../mark.ts';
import { delimiterValue, isDelimiter, isInRange, sizeValue, startValue } from '../values.ts';
import { failureTable } from './delimiter.ts';

interface StartFixedSpec {
  kind: 'start-fixed';
  start: string;
  /** Number of bytes after the start bytes. */
  size: number;
}

/** Start bytes, then a fixed number of bytes. */
export const startFixed: Framing<StartFixedSpec> = {
  kind: 'start-fixed',
  words: {
    short: 'start + length',
    label: 'Start bytes, then a fixed length',
    help: 'Every message begins with the same bytes and has the same length.',
  },
  spellings: [
    {
      text: 'start:HEX:fixed:SIZE',
      message: 'SIZE bytes after 1 to 32 start bytes: `start:aa55:fixed:8`',
      sending: 'the start bytes, and zeros up to SIZE; a longer message is refused',
    },
  ],
  wrong: wrongStart,
  values: { start: startValue, size: sizeValue },
  adds: () => 'start bytes and padding',
  parse(text) {
    const [, start = '', digits] = /^start:([0-9a-f]+):fixed:(\d{1,7})$/i.exec(text) ?? [];
    const size = Number(digits);
    if (!isDelimiter(start) || !isInRange(size, sizeValue)) return undefined;
    return { kind: 'start-fixed', start: start.toLowerCase(), size };
  },
  format: (spec) => `start:${canonicalHex(spec.start)}:fixed:${spec.size}`,
  createFramer: fixedFramer,
  frameAround(spec, size) {
    const tail = fixedPadding(spec.size, 0, size);
    return typeof tail === 'string' ? { problem: tail } : { head: hexBytes(spec.start), tail, keepsTail: true };
  },
  asItIs: (spec, bytes) => asRead(fixedFramer(spec), bytes),
};

function fixedFramer(spec: StartFixedSpec): StartedFramer {
  return new StartedFramer(hexBytes(spec.start), new FixedRest(spec.size));
}

class FixedRest implements MessageRest {
  isOver = false;
  readonly #size: number;
  #left: number;

  constructor(size: number) {
    this.#size = size;
    this.#left = size;
  }

  get claim(): LengthClaim {
    return { received: this.#size - this.#left, missing: this.#left };
  }

  scan(chunk: Uint8Array, from: number, head: number, boundaries: Boundaries): number {
    const step = Math.min(this.#left, chunk.length - from);
    this.#left -= step;
    const at = from + step;
    if (this.#left === 0) {
      boundaries.push(at, head, 0, 0);
      this.isOver = true;
    }
    return at;
  }

  begin(): void {
    this.isOver = false;
    this.#left = this.#size;
  }
}

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
  createFramer: delimitedFramer,
  frameAround: (spec) => ({ head: hexBytes(spec.start), tail: hexBytes(spec.delimiter) }),
  /** Does not add a second delimiter to a body that ends with it. */
  encode(spec, body) {
    const head = hexBytes(spec.start);
    const tail = hexBytes(spec.delimiter);
    const bytes = join(head, body, endsWith(body, tail) ? noBytes : tail);
    return { bytes, head: head.length, tail: tail.length };
  },
  asItIs: (spec, bytes) => asRead(delimitedFramer(spec), bytes),
};

function delimitedFramer(spec: StartDelimitedSpec): StartedFramer {
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
