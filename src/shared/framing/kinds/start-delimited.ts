import type { Boundaries } from '../../message/boundaries.ts';
import { asRead } from '../as-it-is.ts';
import { failureTable } from '../delimiter.ts';
import { findOrEnd } from '../find.ts';
import { type Framer, unfinished } from '../framer.ts';
import { canonicalHex, endsWith, type Framing, hexBytes, join, noBytes } from '../framing.ts';
import { Mark } from '../mark.ts';
import { delimiterProblem, isDelimiter, startProblem } from '../values.ts';

interface StartDelimitedSpec {
  kind: 'start-delimited';
  start: string;
  delimiter: string;
}

/** Start bytes, then the message up to a delimiter. */
export const startDelimited: Framing<StartDelimitedSpec> = {
  kind: 'start-delimited',
  spellings: ['start:HEX:delim:HEX'],
  values: {
    start: { type: 'bytes', least: 1, most: 32, problem: startProblem },
    delimiter: { type: 'bytes', least: 1, most: 32, problem: delimiterProblem },
  },
  parse(text) {
    const [, start = '', delimiter = ''] = /^start:([0-9a-f]+):delim:([0-9a-f]+)$/i.exec(text) ?? [];
    if (!isDelimiter(start) || !isDelimiter(delimiter)) return undefined;
    return { kind: 'start-delimited', start: start.toLowerCase(), delimiter: delimiter.toLowerCase() };
  },
  format: (spec) => `start:${canonicalHex(spec.start)}:delim:${canonicalHex(spec.delimiter)}`,
  createFramer: (spec) => createStartDelimitedFramer(hexBytes(spec.start), hexBytes(spec.delimiter)),
  frameAround: (spec) => ({ head: hexBytes(spec.start), tail: hexBytes(spec.delimiter) }),
  /** Adds no second delimiter to a body that ends with it. */
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
  /** Bytes of the delimiter that the bytes up to here end with. */
  let matched = 0;

  /** Takes bytes behind the start bytes (Knuth, Morris and Pratt’s automaton); returns the offset behind them. */
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
