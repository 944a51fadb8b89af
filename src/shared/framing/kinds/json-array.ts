import { type Frame, type Framing, plain } from '../framing.ts';
import { createJsonFramer } from '../json.ts';

const arrayFrame: Frame = { head: Uint8Array.of(0x5b), tail: Uint8Array.of(0x5d) };

/** An element is sent as an array of its own. */
export const jsonArray: Framing<{ readonly kind: 'json-array' }> = {
  ...plain('json-array', 'json:array'),
  createFramer: () => createJsonFramer(true),
  frameAround: () => arrayFrame,
  guesses: ['json:array'],
  /** The element has its array's bracket or a comma before it. */
  evidence: (_, message, head) => (head > 0 && message[head] === 0x7b ? 20 : 1),
};
