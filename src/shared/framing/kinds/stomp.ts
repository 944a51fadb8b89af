import { asRead, encodeEnded } from '../as-it-is.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { createStompFramer } from '../stomp.ts';

const nul = Uint8Array.of(0);

/** STOMP 1.2: a command, header lines, an empty line, a body, NUL. */
export const stomp: Framing<{ readonly kind: 'stomp' }> = {
  ...plain('stomp', 'stomp'),
  createFramer: createStompFramer,
  frameAround: () => ({ head: noBytes, tail: nul }),
  encode: (_, body) => encodeEnded(createStompFramer, body, nul),
  asItIs: (_, bytes) => asRead(createStompFramer(), bytes),
  guesses: ['stomp'],
  evidence: () => 40,
};
