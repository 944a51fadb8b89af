import { CobsFramer, decodeCobs, encodeCobs, wholeCobsBlocks } from '../cobs.ts';
import { asRead } from '../encoding.ts';
import { type Framing, plain } from '../framing.ts';

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
