import { asRead } from '../as-it-is.ts';
import { fixedPadding } from '../fixed.ts';
import { type Framer, unfinished } from '../framer.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { Mark } from '../mark.ts';
import { isDelimiter, isInRange, sizeValue, startValue } from '../values.ts';

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
  wrong: {
    what: 'bytes other than the start bytes before a message',
    resume: 'at the next byte that is the first start byte',
  },
  values: { start: startValue, size: sizeValue },
  adds: () => 'start bytes and padding',
  parse(text) {
    const [, start = '', digits] = /^start:([0-9a-f]+):fixed:(\d{1,7})$/i.exec(text) ?? [];
    const size = Number(digits);
    if (!isDelimiter(start) || !isInRange(size, sizeValue)) return undefined;
    return { kind: 'start-fixed', start: start.toLowerCase(), size };
  },
  format: (spec) => `start:${canonicalHex(spec.start)}:fixed:${spec.size}`,
  createFramer: (spec) => createStartFixedFramer(hexBytes(spec.start), spec.size),
  frameAround(spec, size) {
    const tail = fixedPadding(spec.size, 0, size);
    return typeof tail === 'string' ? { problem: tail } : { head: hexBytes(spec.start), tail, keepsTail: true };
  },
  asItIs: (spec, bytes) => asRead(createStartFixedFramer(hexBytes(spec.start), spec.size), bytes),
};

function createStartFixedFramer(start: Uint8Array, size: number): Framer {
  const mark = new Mark(start);
  let header = 0;
  let left = size;

  return {
    push(chunk, boundaries) {
      let at = 0;
      while (at < chunk.length) {
        if (header < mark.length) {
          at = mark.scan(chunk, at, header, boundaries);
          header = mark.matched;
          continue;
        }
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        if (left > 0) return;
        boundaries.push(at, header, 0, 0);
        header = 0;
        left = size;
      }
    },
    end() {
      const was = { header, problem: mark.problem };
      header = 0;
      left = size;
      mark.reset();
      return unfinished(was.header, was.problem);
    },
    get pendingHead() {
      return header;
    },
    get claim() {
      return header < mark.length ? undefined : { received: size - left, missing: left };
    },
  };
}
