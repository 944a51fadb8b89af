import { RawFramer } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';

/** No framing: each read is a message. */
export const raw: Framing<{ readonly kind: 'raw' }> = {
  ...plain('raw', { text: 'raw', message: 'the bytes of one read', sending: 'nothing' }),
  words: {
    short: 'none',
    label: 'None: one row per recv()',
    help: 'Each row shows the bytes that one recv() returned.',
    common: true,
  },
  createFramer: () => new RawFramer(),
  followsReads: true,
};
