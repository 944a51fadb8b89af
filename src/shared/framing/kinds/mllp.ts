import { toHex } from '../../bytes/hex.ts';
import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { asRead } from '../encoding.ts';
import { type Ending, type Framer, findOrEnd } from '../framer.ts';
import { type Frame, type Framing, join, plain } from '../framing.ts';

const startBlock = 0x0b;
const endBlock = 0x1c;
const carriageReturn = 0x0d;

const frame: Frame = { head: Uint8Array.of(startBlock), tail: Uint8Array.of(endBlock, carriageReturn) };

/** MLLP, the minimal lower layer protocol of HL7 version 2: VT, the message, FS, CR. */
export const mllp: Framing<{ readonly kind: 'mllp' }> = {
  ...plain('mllp', {
    text: 'mllp',
    message: 'MLLP of HL7 version 2: the bytes between VT (`0b`) and FS CR (`1c 0d`)',
    sending: 'VT, FS and CR; a message that contains `0b` or `1c` is refused',
  }),
  words: {
    short: 'MLLP (HL7)',
    label: 'MLLP (HL7 version 2)',
    help: 'A message is enclosed in VT (0b) and FS CR (1c 0d).',
  },
  wrong: {
    what: 'bytes outside VT and FS CR; VT inside them; FS before any byte but CR',
    resume: 'at the next VT; after the next FS CR for an FS',
  },
  adds: () => 'VT, FS and CR',
  createFramer: () => new MllpFramer(),
  frameAround: () => frame,
  encode(_, body) {
    if (body.includes(startBlock) || body.includes(endBlock)) {
      return { problem: 'an MLLP message cannot contain the bytes 0b and 1c' };
    }
    return { bytes: join(frame.head, body, frame.tail), head: 1, tail: 2 };
  },
  asItIs: (_, bytes) => asRead(new MllpFramer(), bytes),
  guesses: ['mllp'],
  evidence: () => 24,
};

const outside = 'bytes outside a block';

class MllpFramer implements Framer {
  #inside = false;
  /** The last byte was FS. */
  #ending = false;
  /** Bytes outside a block have been read. */
  #strayed = false;
  #problem = '';

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    // Each is searched for once, not again after each of the other: there may be many of both.
    let nextStart = -1;
    let nextEnd = -1;
    while (at < length) {
      if (!this.#inside) {
        at = this.#scanOutside(chunk, at, boundaries);
        continue;
      }
      if (this.#ending && this.#takeBehindEnd(chunk[at] as number, at + 1, boundaries)) {
        at += 1;
        continue;
      }
      if (nextStart < at) nextStart = findOrEnd(chunk, startBlock, at);
      if (nextEnd < at) nextEnd = findOrEnd(chunk, endBlock, at);
      at = Math.min(nextStart, nextEnd);
      if (at === length) return;
      if (nextEnd < nextStart) {
        this.#ending = true;
      } else {
        boundaries.pushMalformed(at, 1, 0, this.#problem || 'a block begins before the previous one has ended');
        this.#begin();
      }
      at += 1;
    }
  }

  end(): Ending {
    const wasInside = this.#inside;
    this.#inside = false;
    this.#ending = false;
    this.#strayed = false;
    if (wasInside) return { head: 1, tail: 0, flags: messageFlags.incomplete };
    return { head: 0, tail: 0, flags: messageFlags.malformed, problem: outside };
  }

  get pendingHead(): number {
    return this.#inside ? 1 : 0;
  }

  #begin(): void {
    this.#inside = true;
    this.#ending = false;
    this.#strayed = false;
    this.#problem = '';
  }

  #scanOutside(chunk: Uint8Array, from: number, boundaries: Boundaries): number {
    const at = findOrEnd(chunk, startBlock, from);
    if (at > from) this.#strayed = true;
    if (at === chunk.length) return at;
    if (this.#strayed) boundaries.pushMalformed(at, 0, 0, outside);
    this.#begin();
    return at + 1;
  }

  /** Processes the byte after an FS; returns false if it does not end the block. */
  #takeBehindEnd(byte: number, end: number, boundaries: Boundaries): boolean {
    if (byte === carriageReturn) {
      if (this.#problem === '') boundaries.push(end, 1, 2, 0);
      else boundaries.pushMalformed(end, 1, 2, this.#problem);
      this.#inside = false;
      this.#ending = false;
      return true;
    }
    this.#ending = false;
    if (this.#problem === '') this.#problem = `the byte 1c precedes ${toHex(Uint8Array.of(byte))}`;
    return false;
  }
}
