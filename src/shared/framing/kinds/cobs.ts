import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { asRead } from '../encoding.ts';
import { type Ending, type Framer, fillerEnding, find, nearBytes, unfinished } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';

const maxHead = 255;
const maxBlock = 254;

/**
 * A framer for COBS (Cheshire and Baker, 1999): messages without zeros, each ended by a zero. A message is a sequence of blocks. Each
 * begins with a code byte that gives the offset of the next one; the last must end at the zero, or the frame is malformed. Zeros before a
 * message are its head: many senders put one there.
 */
class CobsFramer implements Framer {
  #head = 0;
  #inside = false;
  /** Bytes that the current block still lacks. */
  #left = 0;

  get pendingHead(): number {
    return this.#head;
  }

  get inside(): boolean {
    return this.#inside;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    const length = chunk.length;
    let at = 0;
    let near = false;
    while (at < length) {
      if (!this.#inside && chunk[at] === 0) {
        at += 1;
        this.#head += 1;
        if (this.#head === maxHead) {
          this.#head = 0;
          boundaries.push(at, 0, 0, messageFlags.filler);
        }
        continue;
      }
      this.#inside = true;
      const zero = find(chunk, 0, at, near);
      const stop = zero < 0 ? length : zero;
      near = stop - at < nearBytes;
      let code = at + this.#left;
      while (code < stop) code += chunk[code] as number;
      this.#left = code - stop;
      at = stop + 1;
      if (zero >= 0) this.#finish(boundaries, at);
    }
  }

  end(): Ending {
    const was = { head: this.#head, inside: this.#inside };
    this.#begin();
    return was.inside ? unfinished(was.head, '') : fillerEnding;
  }

  #begin(): void {
    this.#head = 0;
    this.#inside = false;
    this.#left = 0;
  }

  #finish(boundaries: Boundaries, end: number): void {
    const left = this.#left;
    if (left === 0) boundaries.push(end, this.#head, 1, 0);
    else boundaries.pushMalformed(end, this.#head, 1, `the frame ends ${left} bytes before its last code byte says`);
    this.#begin();
  }
}

/** Encodes `body` without zeros, and adds the zero that ends it. */
export function encodeCobs(body: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(body.length + Math.ceil(body.length / maxBlock) + 2);
  let code = 0;
  let count = 1;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] as number;
    if (byte !== 0) {
      encoded[count] = byte;
      count += 1;
    }
    // A full block stands for no zero, so it is not followed by an empty one at the end of the message.
    const isFull = count - code > maxBlock;
    if (byte === 0 || (isFull && at < body.length - 1)) {
      encoded[code] = count - code;
      code = count;
      count += 1;
    }
  }
  encoded[code] = count - code;
  // The array already has the final zero.
  return encoded.subarray(0, count + 1);
}

/** Decodes `body`; returns it unchanged if its code bytes are inconsistent. */
export function decodeCobs(body: Uint8Array): Uint8Array {
  const plain = new Uint8Array(body.length);
  let count = 0;
  let at = 0;
  while (at < body.length) {
    const code = body[at] as number;
    const next = at + code;
    if (code === 0 || next > body.length) return body;
    plain.set(body.subarray(at + 1, next), count);
    count += code - 1;
    if (code <= maxBlock && next < body.length) count += 1;
    at = next;
  }
  return plain.subarray(0, count);
}

/** Returns the number of bytes at the start of `body` that are whole blocks. */
function wholeCobsBlocks(body: Uint8Array): number {
  let at = 0;
  while (at < body.length) {
    const code = body[at] as number;
    if (code === 0 || at + code > body.length) break;
    at += code;
  }
  return at;
}

/** COBS: messages without zeros, each ended by a zero. */
export const cobs: Framing<{ readonly kind: 'cobs' }> = {
  ...plain('cobs', {
    text: 'cobs',
    message: 'a COBS frame: blocks without zero bytes, up to a zero byte',
    sending: 'code bytes in place of zero bytes, and a zero byte at the end',
  }),
  words: {
    short: 'COBS',
    label: 'COBS: zero-terminated messages',
    help: 'A message ends with a zero byte and is encoded so that it contains no other zero byte.',
  },
  wrong: { what: 'a frame that ends before its last code byte says', resume: 'after the zero of the frame' },
  adds: () => 'COBS encoding and a zero byte',
  createFramer: () => new CobsFramer(),
  needsBody: true,
  encode: (_, body) => ({ bytes: encodeCobs(body), head: 0, tail: 1 }),
  decode: (_, body) => decodeCobs(body),
  blocks: { end: 0, wholeBytes: wholeCobsBlocks },
  asItIs: (_, bytes) => asRead(new CobsFramer(), bytes),
  guesses: ['cobs'],
  evidence: (_, message, head) => (message.length > head + 3 ? 8 : 0),
};
