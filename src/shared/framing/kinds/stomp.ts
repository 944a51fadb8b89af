import { asRead, encodeEnded } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { createStompFramer } from '../stomp.ts';

const nul = Uint8Array.of(0);

/** STOMP 1.2: a command, header lines, an empty line, a body, NUL. */
export const stomp: Framing<{ readonly kind: 'stomp' }> = {
  ...plain('stomp', 'stomp'),
  createFramer: (_, maxMessage) => createStompFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: nul }),
  encode: (_, body) => encodeEnded(() => createStompFramer(noLimit), body, nul),
  asItIs: (_, bytes) => asRead(createStompFramer(noLimit), bytes),
  guesses: ['stomp'],
  evidence: () => 40,
};
