import type { Boundaries } from '../../message/boundaries.ts';
import { type Ending, type Framer, RawFramer } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';
import { isInRange } from '../values.ts';

/** No framing: each read is a message. */
export const raw: Framing<{ readonly kind: 'raw' }> = {
  ...plain('raw', { text: 'raw', message: 'the bytes of one read', sending: 'nothing' }),
  words: {
    short: 'none',
    label: 'None: one row per recv()',
    help: 'Each row shows the bytes that one recv() returned.',
    common: true,
  },
  createFramer: () => new RawFramer(),
  followsReads: true,
};

interface GapSpec {
  kind: 'gap';
  ms: number;
}

const range = { least: 1, most: 600_000, problem: 'an idle gap is 1 to 600000 ms' };

/** Messages separated by time. */
export const gap: Framing<GapSpec> = {
  kind: 'gap',
  words: {
    short: 'idle gap',
    label: 'Idle gap between messages',
    help: 'A message ends when no bytes arrive for the given time.',
  },
  spellings: [
    {
      text: 'gap:MS',
      message: 'the bytes received until none arrives for MS milliseconds (1 to 600000)',
      sending: 'nothing',
    },
  ],
  values: {
    ms: {
      type: 'whole',
      ...range,
      words: {
        label: 'Idle gap (ms)',
        help: 'A message ends when recv() has returned no bytes for this time.',
        search: 'silence time',
        example: '50',
      },
    },
  },
  parse(text) {
    const ms = Number(/^gap:(\d{1,6})$/.exec(text)?.[1]);
    return isInRange(ms, range) ? { kind: 'gap', ms } : undefined;
  },
  format: (spec) => `gap:${spec.ms}`,
  createFramer: (spec) => new GapFramer(spec.ms),
  followsReads: true,
};

/**
 * Ends a message when no bytes have arrived for `gapMs` milliseconds. The framer detects that at the next chunk; the owner of the
 * stream detects it sooner with a timer (`MessageStream.idle`).
 */
class GapFramer implements Framer {
  readonly pendingHead = 0;
  readonly gapMs: number;
  #lastAt = 0;
  #isInside = false;

  constructor(gapMs: number) {
    this.gapMs = gapMs;
  }

  push(chunk: Uint8Array, boundaries: Boundaries, at: number): void {
    if (chunk.length === 0) return;
    if (this.#isInside && at - this.#lastAt >= this.gapMs) boundaries.push(0, 0, 0, 0);
    this.#isInside = true;
    this.#lastAt = at;
  }

  end(): Ending {
    this.#isInside = false;
    return { head: 0, tail: 0, flags: 0 };
  }
}
