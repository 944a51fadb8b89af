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
  evidence: (_, message) => evidenceOf(message),
};

/** What values begin with, and commands that are often sent inline. */
const types = new Set(Array.from('+-:_#,($!=*~>%|', (char) => char.charCodeAt(0)));
const inline =
  /^(?:PING|ECHO|AUTH|SELECT|GET|SET|DEL|INCR|DECR|KEYS|INFO|QUIT|EXISTS|EXPIRE|TTL|[LR]PUSH|SADD|H[GS]ET)(?: [!-~]+)*\r?\n/i;

/** An inline command may be any line that begins with a letter: one of no known command speaks against RESP. */
function evidenceOf(message: Uint8Array): number {
  if (types.has(message[0] as number)) return isNoNumber(message) ? -16 : 16;
  return inline.test(String.fromCharCode(...message.subarray(0, 200))) ? 12 : -16;
}

/** Returns true where the message begins as a number does, and no number follows. */
function isNoNumber([type, next = 0]: Uint8Array): boolean {
  if (type !== colon && type !== parenthesis) return false;
  return next !== plus && next !== minus && (next < 0x30 || next > 0x39);
}
