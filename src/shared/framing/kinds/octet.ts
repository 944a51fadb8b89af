import { toHex } from '../../bytes/hex.ts';
import { asRead } from '../as-it-is.ts';
import { claimProblem, noLimit } from '../claim.ts';
import { type CountedHeader, createCountedFramer } from '../counted.ts';
import { Decimal } from '../decimal.ts';
import type { Framer } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';

const space = 0x20;
const zero = 0x30;
const lessThan = 0x3c;

/** Octet counting (RFC 6587, 3.4.1): a decimal length, a space, and as many bytes of a syslog message. */
export const octet: Framing<{ readonly kind: 'octet' }> = {
  ...plain('octet', 'octet'),
  createFramer: (_, maxMessage) => createOctetFramer(maxMessage),
  frameAround(_, size) {
    if (size === 0) return { problem: 'octet counting has no empty messages' };
    return { head: Uint8Array.from(`${size} `, (char) => char.charCodeAt(0)), tail: noBytes };
  },
  asItIs: (_, bytes) => asRead(createOctetFramer(noLimit), bytes),
  guesses: ['octet'],
  /** A message of syslog begins with its priority. */
  evidence: (_, message, head) => (message[head] === lessThan ? 24 : 2),
};

function createOctetFramer(maxMessage: number): Framer {
  return createCountedFramer(new OctetHeader(maxMessage), -1, maxMessage);
}

const isDigit = (byte: number) => byte >= zero && byte <= zero + 9;

/**
 * After a wrong length the next number is tried, and it counts only where a `<` follows its space, with which each syslog
 * message begins.
 */
class OctetHeader implements CountedHeader {
  size = 0;
  length = -1;
  problem = '';
  bodyStart = -1;
  /** The last byte of those that are lost was a digit. */
  #afterDigit = false;
  readonly #number = new Decimal();
  readonly #maxMessage: number;

  constructor(maxMessage: number) {
    this.#maxMessage = maxMessage;
  }

  read(chunk: Uint8Array, from: number): number {
    const number = this.#number;
    const at = chunk[from] === zero && number.digits === 0 ? from : number.takeAll(chunk, from);
    this.size += at - from;
    if (at === chunk.length) return at;
    const byte = chunk[at] as number;
    if (byte !== space || number.digits === 0) {
      this.#afterDigit = number.digits > 0;
      this.problem = this.#problemOf(byte);
      return at;
    }
    this.#afterDigit = false;
    this.size += 1;
    this.length = number.value;
    return at + 1;
  }

  findNext(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (isDigit(byte) && byte !== zero && !this.#afterDigit) return at;
      this.#afterDigit = isDigit(byte);
    }
    return -1;
  }

  begin(lost: boolean): void {
    this.size = 0;
    this.length = -1;
    this.problem = '';
    this.bodyStart = lost ? lessThan : -1;
    this.#number.begin();
  }

  #problemOf(byte: number): string {
    const shown = toHex(Uint8Array.of(byte));
    if (this.size === 0) return `the byte ${shown} begins no length`;
    return claimProblem(this.#number.value, this.#maxMessage) || `the byte ${shown} stands in a length`;
  }
}
