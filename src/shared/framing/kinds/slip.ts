import { asRead } from '../as-it-is.ts';
import { type Framing, plain } from '../framing.ts';
import { createSlipFramer, decodeSlip, encodeSlip } from '../slip.ts';

export const slip: Framing<{ readonly kind: 'slip' }> = {
  ...plain('slip', 'slip'),
  createFramer: createSlipFramer,
  needsBody: true,
  encode(_, body) {
    if (body.length === 0) return { problem: 'SLIP has no empty messages' };
    return { bytes: encodeSlip(body), head: 1, tail: 1 };
  },
  decode: (_, body) => decodeSlip(body),
  asItIs: (_, bytes) => asRead(createSlipFramer(), bytes),
};
