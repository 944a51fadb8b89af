import { type Frame, type Framing, plain } from '../framing.ts';
import { JsonFramer } from '../json.ts';

const arrayFrame: Frame = { head: Uint8Array.of(0x5b), tail: Uint8Array.of(0x5d) };

/** Elements of JSON arrays. An element is sent as an array with one element. */
export const jsonArray: Framing<{ readonly kind: 'json-array' }> = {
  ...plain('json-array', {
    text: 'json:array',
    message: 'one element of an array; arrays may follow one another',
    sending: 'brackets: an array of one element',
  }),
  words: {
    short: 'JSON array elements',
    label: 'Elements of JSON arrays',
    help: 'Each element of a JSON array, which may never end, is a message.',
  },
  wrong: {
    what: 'as for `json`; anything outside an array',
    resume: 'after the line, or at the next comma or the end of the array; outside an array, at the next `[`',
  },
  adds: () => 'brackets around the value',
  createFramer: () => new JsonFramer(true),
  frameAround: () => arrayFrame,
  guesses: ['json:array'],
  /** The head of an element is the bracket of its array or a comma. */
  evidence: (_, message, head) => (head > 0 && message[head] === 0x7b ? 20 : 1),
};
