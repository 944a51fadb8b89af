import { asRead, encodeEnded } from '../encoding.ts';
import { noLimit } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { StompFramer } from '../stomp.ts';

const nul = Uint8Array.of(0);

/** STOMP 1.2: a command, header lines, an empty line, a body, NUL. */
export const stomp: Framing<{ readonly kind: 'stomp' }> = {
  ...plain('stomp', {
    text: 'stomp',
    message: 'one frame of STOMP 1.2, up to its NUL',
    sending: 'NUL, unless the message ends with its own',
  }),
  words: {
    short: 'STOMP frames',
    label: 'STOMP frames',
    help: 'A message is a command, header lines and a body that ends with NUL.',
  },
  wrong: {
    what: 'a command that is not all capital letters; a header line without a colon; an invalid content-length; a header above 64 KiB',
    resume: 'after the next NUL',
  },
  adds: () => 'NUL at the end',
  createFramer: (_, maxMessage) => new StompFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: nul }),
  encode: (_, body) => encodeEnded(() => new StompFramer(noLimit), body, nul),
  asItIs: (_, bytes) => asRead(new StompFramer(noLimit), bytes),
  guesses: ['stomp'],
  evidence: () => 40,
};
