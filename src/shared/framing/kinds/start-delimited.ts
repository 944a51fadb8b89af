import type { Boundaries } from '../../message/boundaries.ts';
import { asRead } from '../as-it-is.ts';
import { failureTable } from '../delimiter.ts';
import { findOrEnd } from '../find.ts';
import { type Framer, unfinished } from '../framer.ts';
import { canonicalHex, endsWith, type Framing, hexBytes, join, noBytes } from '../framing.ts';
import { Mark } from '../mark.ts';
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
  wrong: {
    what: 'bytes other than the start bytes before a message',
    resume: 'at the next byte that is the first start byte',
  },
  values: { start: startValue, delimiter: delimiterValue },
  adds: () => 'start bytes and delimiter',
  parse(text) {
    const [, start = '', delimiter = ''] = /^start:([0-9a-f]+):delim:([0-9a-f]+)$/i.exec(text) ?? [];
    if (!isDelimiter(start) || !isDelimiter(delimiter)) return undefined;
    return { kind: 'start-delimited', start: start.toLowerCase(), delimiter: delimiter.toLowerCase() };
  },
  format: (spec) => `start:${canonicalHex(spec.start)}:delim:${canonicalHex(spec.delimiter)}`,
  createFramer: (spec) => createStartDelimitedFramer(hexBytes(spec.start), hexBytes(spec.delimiter)),
  frameAround: (spec) => ({ head: hexBytes(spec.start), tail: hexBytes(spec.delimiter) }),
  /** Does not add a second delimiter to a body that ends with it. */
  encode(spec, body) {
    const head = hexBytes(spec.start);
    const tail = hexBytes(spec.delimiter);
    const bytes = join(head, body, endsWith(body, tail) ? noBytes : tail);
    return { bytes, head: head.length, tail: tail.length };
  },
  asItIs: (spec, bytes) => asRead(createStartDelimitedFramer(hexBytes(spec.start), hexBytes(spec.delimiter)), bytes),
};

function createStartDelimitedFramer(start: Uint8Array, delimiter: Uint8Array): Framer {
  const mark = new Mark(start);
  const fallbacks = failureTable(delimiter);
  const first = delimiter[0] as number;
  let header = 0;
  /** The number of bytes of the delimiter at the end of the bytes scanned so far. */
  let matched = 0;

  /** Scans bytes after the start bytes (Knuth, Morris and Pratt’s automaton); returns the offset of the first one not scanned. */
  function scanRest(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const length = chunk.length;
    let at = from;
    while (at < length) {
      if (matched === 0) at = findOrEnd(chunk, first, at);
      if (at === length) return at;
      const byte = chunk[at] as number;
      while (matched > 0 && byte !== delimiter[matched]) matched = fallbacks[matched - 1] as number;
      if (byte === delimiter[matched]) matched += 1;
      at += 1;
      if (matched === delimiter.length) {
        boundaries.push(at, header, matched, 0);
        header = 0;
        matched = 0;
        return at;
      }
    }
    return at;
  }

  return {
    push(chunk, boundaries) {
      let at = 0;
      while (at < chunk.length) {
        if (header < mark.length) {
          at = mark.scan(chunk, at, header, boundaries);
          header = mark.matched;
        } else {
          at = scanRest(chunk, at, boundaries);
        }
      }
    },
    end() {
      const was = { header, problem: mark.problem };
      header = 0;
      mark.reset();
      matched = 0;
      return unfinished(was.header, was.problem);
    },
    get pendingHead() {
      return header;
    },
  };
}
