import { type Frame, type Framing, join, noBytes, plain } from '../framing.ts';
import { JsonFramer, jsonTail } from '../json.ts';

/** JSON values. A number or a word is sent with a line feed, without which the reader cannot detect its end. */
export const json: Framing<{ readonly kind: 'json' }> = {
  ...plain('json', {
    text: 'json',
    message:
      'one JSON value: concatenated, one per line (NDJSON), or text sequences (RFC 7464); a preceding byte order mark is framing',
    sending: 'a line feed after a number or a literal, whose end is not visible without it',
  }),
  words: {
    short: 'JSON values',
    label: 'Consecutive JSON values',
    help: 'Each JSON value is a message, with or without line ends between values.',
    common: true,
  },
  wrong: {
    what: 'bytes that do not begin a value; unknown literals',
    resume: 'after the line, or at the next bracket',
  },
  createFramer: () => new JsonFramer(false),
  // To a reader, white space after a value is the head of the next message, so it is not a tail here either.
  encode: (_, body) => ({ bytes: join(noBytes, body, jsonTail(body)), head: 0, tail: 0 }),
  guesses: ['json'],
  /** Any text may contain a number or a word; matching brackets are rare. */
  evidence(_, message, head) {
    const first = message[head];
    return first === 0x7b || first === 0x5b ? 24 : 2;
  },
};

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
