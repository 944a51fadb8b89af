import { toHex } from '../../bytes/hex.ts';
import { asRead } from '../as-it-is.ts';
import type { Cuts } from '../cuts.ts';
import { type Ending, type Framer, unfinished } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';

const colon = 0x3a;
const comma = 0x2c;
const zero = 0x30;
const maxDigits = 10;

/** Netstrings (Bernstein, 1997): a decimal length, a colon, as many bytes, a comma. */
export const netstring: Framing<{ readonly kind: 'netstring' }> = {
  ...plain('netstring', 'netstring'),
  createFramer: createNetstringFramer,
  frameAround: (_, size) => ({
    head: Uint8Array.from(`${size}:`, (char) => char.charCodeAt(0)),
    tail: Uint8Array.of(comma),
  }),
  asItIs: (_, bytes) => asRead(createNetstringFramer(), bytes),
  guesses: ['netstring'],
  evidence: () => 20,
};

/** What is wrong is malformed up to the next comma, with which each message ends. */
function createNetstringFramer(): Framer {
  let header = 0;
  let length = 0;
  /** Bytes of the body and the comma that are still to come; 0 in the header. */
  let left = 0;
  let problem = '';

  function begin(): void {
    header = 0;
    length = 0;
    left = 0;
    problem = '';
  }

  function lose(reason: string): void {
    begin();
    problem = reason;
  }

  /** Takes a byte of the length; false where it belongs to none, and is not taken. */
  function takeHeader(byte: number): boolean {
    const isDigit = byte >= zero && byte <= zero + 9;
    // A length of more digits than “0” does not begin with a zero.
    if (isDigit && header < maxDigits && (header === 0 || length > 0)) {
      length = length * 10 + byte - zero;
      header += 1;
      return true;
    }
    if (byte === colon && header > 0) {
      header += 1;
      left = length + 1;
      return true;
    }
    const shown = toHex(Uint8Array.of(byte));
    lose(header === 0 ? `the byte ${shown} begins no length` : `the byte ${shown} stands in a length`);
    return false;
  }

  function push(chunk: Uint8Array, cuts: Cuts): void {
    let at = 0;
    while (at < chunk.length) {
      if (problem !== '') {
        const end = chunk.indexOf(comma, at);
        if (end < 0) return;
        at = end + 1;
        cuts.pushMalformed(at, 0, 0, problem);
        begin();
      } else if (left === 0) {
        if (takeHeader(chunk[at] as number)) at += 1;
      } else if (left > 1) {
        const step = Math.min(left - 1, chunk.length - at);
        left -= step;
        at += step;
      } else if (chunk[at] === comma) {
        at += 1;
        cuts.push(at, header, 1, 0);
        begin();
      } else {
        lose(`no comma follows the ${length} bytes of a message`);
      }
    }
  }

  function end(): Ending {
    const was = { header, problem };
    begin();
    return unfinished(was.header, was.problem);
  }

  return {
    push,
    end,
    get pendingHead() {
      return header;
    },
    get announced() {
      return left > 0 ? header + length + 1 : 0;
    },
  };
}
