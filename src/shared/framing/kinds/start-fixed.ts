import type { Boundaries } from '../../message/boundaries.ts';
import { fixedPadding } from '../counted.ts';
import { asRead } from '../encoding.ts';
import type { LengthClaim } from '../framer.ts';
import { canonicalHex, type Framing, hexBytes } from '../framing.ts';
import { type MessageRest, StartedFramer, wrongStart } from '../mark.ts';
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
  createFramer: framerOf,
  frameAround(spec, size) {
    const tail = fixedPadding(spec.size, 0, size);
    return typeof tail === 'string' ? { problem: tail } : { head: hexBytes(spec.start), tail, keepsTail: true };
  },
  asItIs: (spec, bytes) => asRead(framerOf(spec), bytes),
};

function framerOf(spec: StartFixedSpec): StartedFramer {
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
