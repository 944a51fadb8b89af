import { asRead } from '../as-it-is.ts';
import { createCobsFramer, decodeCobs, encodeCobs } from '../cobs.ts';
import { type Framing, plain } from '../framing.ts';

export const cobs: Framing<{ readonly kind: 'cobs' }> = {
  ...plain('cobs', 'cobs'),
  createFramer: createCobsFramer,
  needsBody: true,
  encode: (_, body) => ({ bytes: encodeCobs(body), head: 0, tail: 1 }),
  decode: (_, body) => decodeCobs(body),
  asItIs: (_, bytes) => asRead(createCobsFramer(), bytes),
  guesses: ['cobs'],
  evidence: (_, message, head) => (message.length > head + 3 ? 8 : 0),
};
