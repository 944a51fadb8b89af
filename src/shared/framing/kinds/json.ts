import { type Framing, join, noBytes, plain } from '../framing.ts';
import { createJsonFramer, jsonTail } from '../json.ts';

/** A number or a word gets a line feed, without which its reader cannot see that it has ended. */
export const json: Framing<{ readonly kind: 'json' }> = {
  ...plain('json', 'json'),
  createFramer: () => createJsonFramer(false),
  // Trailing white space is the next message's head to a reader, so it is no tail here either.
  encode: (_, body) => ({ bytes: join(noBytes, body, jsonTail(body)), head: 0, tail: 0 }),
  guesses: ['json'],
  /** A number or a word may be any text; brackets that match are not. */
  evidence(_, message, head) {
    const first = message[head];
    return first === 0x7b || first === 0x5b ? 24 : 2;
  },
};
