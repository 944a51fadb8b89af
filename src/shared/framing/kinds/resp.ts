import { endsMessage } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { type Framing, join, noBytes, plain } from '../framing.ts';
import { createRespFramer } from '../resp.ts';

const colon = 0x3a;
const parenthesis = 0x28;
const plus = 0x2b;
const minus = 0x2d;
const lineEnd = Uint8Array.of(0x0d, 0x0a);

/** RESP 2 and 3 of Redis. A command or value that is not finished gets the line end that finishes it. */
export const resp: Framing<{ readonly kind: 'resp' }> = {
  ...plain('resp', 'resp'),
  createFramer: (_, maxMessage) => createRespFramer(maxMessage),
  encode(_, body) {
    const bytes = endsMessage(createRespFramer(noLimit), body) ? body : join(noBytes, body, lineEnd);
    return { bytes, head: 0, tail: 0 };
  },
  guesses: ['resp'],
  /** An inline command may be any line that begins with a letter, and a line of IRC begins with a colon. */
  evidence: (_, message) => ((message[0] as number) < 0x41 && !isNoNumber(message) ? 16 : 0),
};

/** Returns true where the message begins as a number does, and no number follows. */
function isNoNumber([type, next = 0]: Uint8Array): boolean {
  if (type !== colon && type !== parenthesis) return false;
  return next !== plus && next !== minus && (next < 0x30 || next > 0x39);
}
