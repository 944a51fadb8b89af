import { endsMessage } from '../as-it-is.ts';
import { type Framing, join, noBytes, plain } from '../framing.ts';
import { createRespFramer } from '../resp.ts';

const lineEnd = Uint8Array.of(0x0d, 0x0a);

/** RESP 2 and 3 of Redis. A command or value that is not finished gets the line end that finishes it. */
export const resp: Framing<{ readonly kind: 'resp' }> = {
  ...plain('resp', 'resp'),
  createFramer: createRespFramer,
  encode(_, body) {
    const bytes = endsMessage(createRespFramer(), body) ? body : join(noBytes, body, lineEnd);
    return { bytes, head: 0, tail: 0 };
  },
  guesses: ['resp'],
  /** An inline command may be any line that begins with a letter. */
  evidence: (_, message) => ((message[0] as number) < 0x41 ? 16 : 0),
};
