import { toHex } from '../../bytes/hex.ts';
import { asRead } from '../as-it-is.ts';
import type { Cuts } from '../cuts.ts';
import { type Ending, type Framer, unfinished } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';

const space = 0x20;
const lessThan = 0x3c;
const maxDigits = 10;

/** Octet counting (RFC 6587, 3.4.1): a decimal length, a space, and as many bytes of a syslog message. */
export const octet: Framing<{ readonly kind: 'octet' }> = {
  ...plain('octet', 'octet'),
  createFramer: createOctetFramer,
  frameAround(_, size) {
    if (size === 0) return { problem: 'octet counting has no empty messages' };
    return { head: Uint8Array.from(`${size} `, (char) => char.charCodeAt(0)), tail: noBytes };
  },
  asItIs: (_, bytes) => asRead(createOctetFramer(), bytes),
  guesses: ['octet'],
  /** A message of syslog begins with its priority. */
  evidence: (_, message, head) => (message[head] === lessThan ? 24 : 2),
};

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/**
 * After a wrong length the next number is tried, and it counts only where a `<` follows its space, with which each syslog
 * message begins.
 */
function createOctetFramer(): Framer {
  let header = 0;
  let length = 0;
  let left = 0;
  let problem = '';
  /** The last byte of those that are lost was a digit. */
  let afterDigit = false;
  /** The next message has to begin with `<`. */
  let strict = false;

  function begin(): void {
    header = 0;
    length = 0;
    left = 0;
    problem = '';
    afterDigit = false;
  }

  function lose(reason: string, digit: boolean): void {
    begin();
    problem = reason;
    afterDigit = digit;
  }

  function scanLost(chunk: Uint8Array, from: number, cuts: Cuts): number {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (isDigit(byte) && byte !== 0x30 && !afterDigit) {
        cuts.pushMalformed(at, 0, 0, problem);
        begin();
        strict = true;
        return at;
      }
      afterDigit = isDigit(byte);
    }
    return chunk.length;
  }

  /** Takes a byte of the length; false where it belongs to none, and is not taken. */
  function takeHeader(byte: number): boolean {
    if (isDigit(byte) && (header > 0 || byte !== 0x30) && header < maxDigits) {
      length = length * 10 + byte - 0x30;
      header += 1;
      return true;
    }
    if (byte === space && header > 0) {
      header += 1;
      left = length;
      return true;
    }
    const shown = toHex(Uint8Array.of(byte));
    lose(header === 0 ? `the byte ${shown} begins no length` : `the byte ${shown} stands in a length`, header > 0);
    return false;
  }

  function push(chunk: Uint8Array, cuts: Cuts): void {
    let at = 0;
    while (at < chunk.length) {
      if (problem !== '') {
        at = scanLost(chunk, at, cuts);
      } else if (left === 0) {
        if (takeHeader(chunk[at] as number)) at += 1;
      } else if (strict && left === length && chunk[at] !== lessThan) {
        lose('no “<” follows the length', false);
      } else {
        const step = Math.min(left, chunk.length - at);
        left -= step;
        at += step;
        if (left > 0) return;
        cuts.push(at, header, 0, 0);
        begin();
        strict = false;
      }
    }
  }

  function end(): Ending {
    const was = { header, problem };
    begin();
    strict = false;
    return unfinished(was.header, was.problem);
  }

  return {
    push,
    end,
    get pendingHead() {
      return header;
    },
    get announced() {
      return left > 0 ? header + length : 0;
    },
  };
}
