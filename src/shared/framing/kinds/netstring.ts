import { toHex } from '../../bytes/hex.ts';
import { CountedFramer, type CountedHeader } from '../counted.ts';
import { asRead } from '../encoding.ts';
import { claimProblem, noLimit } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';
import { Decimal } from '../numbers.ts';

const colon = 0x3a;
const comma = 0x2c;
const zero = 0x30;

/** Netstrings (Bernstein, 1997): a decimal length, a colon, that number of bytes, a comma. */
export const netstring: Framing<{ readonly kind: 'netstring' }> = {
  ...plain('netstring', {
    text: 'netstring',
    message: 'a netstring: a decimal length and a colon, that number of bytes, a comma',
    sending: 'length, colon and comma',
  }),
  words: {
    short: 'netstrings',
    label: 'Netstrings',
    help: 'A decimal length and a colon precede each message; a comma follows it.',
  },
  wrong: {
    what: 'anything but a length and a colon before a message; anything but a comma after it',
    resume: 'after the next comma',
  },
  adds: () => 'length and colon before, comma after',
  createFramer: (_, maxMessage) => new NetstringFramer(maxMessage),
  frameAround: (_, size) => ({
    head: Uint8Array.from(`${size}:`, (char) => char.charCodeAt(0)),
    tail: Uint8Array.of(comma),
  }),
  asItIs: (_, bytes) => asRead(new NetstringFramer(noLimit), bytes),
  guesses: ['netstring'],
  evidence: () => 20,
};

class NetstringFramer extends CountedFramer {
  constructor(maxMessage: number) {
    super(new NetstringHeader(maxMessage), comma, maxMessage);
  }
}

class NetstringHeader implements CountedHeader {
  size = 0;
  length = -1;
  problem = '';
  readonly #number = new Decimal();
  readonly #maxMessage: number;

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  read(chunk: Uint8Array, from: number): number {
    const number = this.#number;
    let at = from;
    // Only the length 0 begins with a zero.
    if (number.value > 0 || (number.digits === 0 && chunk[from] !== zero)) at = number.takeAll(chunk, from);
    else if (number.digits === 0 && number.take(zero)) at += 1;
    this.size += at - from;
    if (at === chunk.length) return at;
    const byte = chunk[at] as number;
    if (byte !== colon || number.digits === 0) {
      this.problem = this.#problemOf(byte);
      return at;
    }
    this.size += 1;
    this.length = number.value;
    return at + 1;
  }

  /** Finds the comma that ends a message. */
  findNext(chunk: Uint8Array, from: number): number {
    const at = chunk.indexOf(comma, from);
    return at < 0 ? at : at + 1;
  }

  begin(): void {
    this.size = 0;
    this.length = -1;
    this.problem = '';
    this.#number.begin();
  }

  #problemOf(byte: number): string {
    const shown = toHex(Uint8Array.of(byte));
    if (this.size === 0) return `the byte ${shown} does not begin a length`;
    return claimProblem(this.#number.value, this.#maxMessage) || `the byte ${shown} is invalid in a length`;
  }
}
