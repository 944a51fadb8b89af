import { type Framing, plain } from '../framing.ts';
import { HttpFramer } from '../http.ts';

/** HTTP/1 requests and responses. */
export const http: Framing<{ readonly kind: 'http' }> = {
  ...plain('http', { text: 'http', message: 'one HTTP/1 request or response, header and body', sending: 'nothing' }),
  words: {
    short: 'HTTP messages',
    label: 'HTTP/1 messages',
    help: 'Each request or response is a message, with its header and body.',
  },
  wrong: {
    what: 'an invalid start line; a header or trailer line that is not a field; a Content-Length that is not a number, contradicts another one or occurs with a Transfer-Encoding; a folded Content-Length or Transfer-Encoding; a control character, including a bare CR; an invalid chunk or chunk extension; a header above 64 KiB',
    resume: 'at the next line that begins with a capital letter, as start lines do',
  },
  createFramer: (_, maxMessage) => new HttpFramer(maxMessage),
  guesses: ['http'],
  evidence: () => 64,
};
