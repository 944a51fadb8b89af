import { asRead } from '../as-it-is.ts';
import { fixedPadding } from '../fixed.ts';
import { type Framer, unfinished } from '../framer.ts';
import { canonicalHex, type Frame, type Framing, hexBytes, isUnframeable, type Unframeable } from '../framing.ts';
import { Mark } from '../mark.ts';
import { isDelimiter, isInRange, sizeRange, startProblem } from '../values.ts';

interface StartFixedSpec {
  kind: 'start-fixed';
  start: string;
  /** Bytes behind the start bytes. */
  size: number;
}

/** Start bytes, then a fixed number of bytes. */
export const startFixed: Framing<StartFixedSpec> = {
  kind: 'start-fixed',
  spellings: ['start:HEX:fixed:SIZE'],
  values: {
    start: { type: 'bytes', least: 1, most: 32, problem: startProblem },
    size: { type: 'whole', ...sizeRange },
  },
  parse(text) {
    const [, start = '', digits] = /^start:([0-9a-f]+):fixed:(\d{1,7})$/i.exec(text) ?? [];
    const size = Number(digits);
    if (!isDelimiter(start) || !isInRange(size, sizeRange)) return undefined;
    return { kind: 'start-fixed', start: start.toLowerCase(), size };
  },
  format: (spec) => `start:${canonicalHex(spec.start)}:fixed:${spec.size}`,
  createFramer: (spec) => createStartFixedFramer(hexBytes(spec.start), spec.size),
  frameAround: around,
  encode(spec, body) {
    const frame = around(spec, body.length);
    if (isUnframeable(frame)) return frame;
    const bytes = new Uint8Array(frame.head.length + spec.size);
    bytes.set(frame.head);
    bytes.set(body, frame.head.length);
    return { bytes, head: frame.head.length, tail: 0 };
  },
  asItIs: (spec, bytes) => asRead(createStartFixedFramer(hexBytes(spec.start), spec.size), bytes),
};

function around(spec: StartFixedSpec, size: number): Frame | Unframeable {
  const tail = fixedPadding(spec.size, 0, size);
  return typeof tail === 'string' ? { problem: tail } : { head: hexBytes(spec.start), tail };
}

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
