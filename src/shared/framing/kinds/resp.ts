import { endsMessage } from '../encoding.ts';
import { noLimit } from '../framer.ts';
import { type Framing, join, noBytes, plain } from '../framing.ts';
import { RespFramer } from '../resp.ts';

const colon = 0x3a;
const parenthesis = 0x28;
const plus = 0x2b;
const minus = 0x2d;
const lineEnd = Uint8Array.of(0x0d, 0x0a);

/** RESP 2 and 3 of Redis. An incomplete command or value is sent with the line end that completes it. */
export const resp: Framing<{ readonly kind: 'resp' }> = {
  ...plain('resp', {
    text: 'resp',
    message: 'one value of RESP 2 or 3 (Redis) with all nested values, or one inline command',
    sending: 'CR LF, if the value or command is not complete',
  }),
  words: {
    short: 'Redis (RESP)',
    label: 'Redis: RESP 2 and 3',
    help: 'Each RESP value or inline command is a message.',
  },
  wrong: {
    what: 'a byte that does not begin a value; a length that is not a number; a string that CR LF does not follow; more than 32 nested streamed values',
    resume: 'after the line',
  },
  adds: () => 'missing line end',
  createFramer: (_, maxMessage) => new RespFramer(maxMessage),
  encode(_, body) {
    const bytes = endsMessage(new RespFramer(noLimit), body) ? body : join(noBytes, body, lineEnd);
    return { bytes, head: 0, tail: 0 };
  },
  guesses: ['resp'],
  evidence: (_, message) => evidenceOf(message),
};

/** The first bytes of values. */
const types = new Set(Array.from('+-:_#,($!=*~>%|', (char) => char.charCodeAt(0)));
/** Commands that are often sent inline. */
const inline =
  /^(?:PING|ECHO|AUTH|SELECT|GET|SET|DEL|INCR|DECR|KEYS|INFO|QUIT|EXISTS|EXPIRE|TTL|[LR]PUSH|SADD|H[GS]ET)(?: [!-~]+)*\r?\n/i;

/** An inline command may be any line that begins with a letter: an unknown command is evidence against RESP. */
function evidenceOf(message: Uint8Array): number {
  if (types.has(message[0] as number)) return lacksNumber(message) ? -16 : 16;
  return inline.test(String.fromCharCode(...message.subarray(0, 200))) ? 12 : -16;
}

/** Returns true if the message has the type of a number but does not contain one. */
function lacksNumber([type, next = 0]: Uint8Array): boolean {
  if (type !== colon && type !== parenthesis) return false;
  return next !== plus && next !== minus && (next < 0x30 || next > 0x39);
}
