import { type Framing, join, noBytes, plain } from '../framing.ts';
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
