import { asRead, encodeEnded } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { createScpiFramer } from '../scpi.ts';

const lineFeed = Uint8Array.of(0x0a);

/** SCPI: lines in which blocks of IEEE 488.2 can stand. */
export const scpi: Framing<{ readonly kind: 'scpi' }> = {
  ...plain('scpi', 'scpi'),
  createFramer: (_, maxMessage) => createScpiFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: lineFeed }),
  encode: (_, body) => encodeEnded(() => createScpiFramer(noLimit), body, lineFeed),
  asItIs: (_, bytes) => asRead(createScpiFramer(noLimit), bytes),
  mostEvidence: 40,
  guesses: ['scpi'],
  /** A line without a block is a line of any text. */
  evidence: (_, message) => (message.subarray(0, -1).includes(0x0a) ? 32 : 3),
};
