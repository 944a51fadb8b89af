import { Boundaries } from '../../message/boundaries.ts';
import type { Ending, Framer, LengthClaim } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';
import { HttpDirection } from '../http-direction.ts';

/**
 * A framer for HTTP/1 messages (RFC 9112), requests and responses: a header and the body that its fields describe. Lines may end
 * with a bare LF; empty lines before a start line are the message's head. A response without a length ends with the stream. After
 * `101 Switching Protocols` and after CONNECT, the framing is raw. The bytes of the other direction (`sent`) show which responses have
 * no body because they answer HEAD.
 *
 * Malformed are an invalid start line, an invalid header or trailers (a line that is not a field, control characters, lengths that
 * contradict each other, are folded or are above 2^53 - 1), an invalid chunk (to the end of its line) and a header above 64 KiB; then
 * all bytes up to the next line that begins with a capital letter, as start lines do. A body above `maxMessage` is not malformed.
 */
class HttpFramer implements Framer {
  readonly #here: HttpDirection;
  readonly #there: HttpDirection;
  readonly #scratch = new Boundaries();

  constructor(maxMessage: number) {
    this.#here = new HttpDirection(maxMessage);
    this.#there = new HttpDirection(maxMessage);
    this.#here.other = this.#there;
    this.#there.other = this.#here;
  }

  get pendingHead(): number {
    return this.#here.head;
  }

  get claim(): LengthClaim | undefined {
    return this.#here.claim;
  }

  get inside(): boolean {
    return this.#here.inside;
  }

  push(chunk: Uint8Array, boundaries: Boundaries): void {
    this.#here.push(chunk, boundaries);
  }

  end(): Ending {
    return this.#here.end();
  }

  sent(bytes: Uint8Array): void {
    this.#scratch.clear();
    this.#there.push(bytes, this.#scratch);
  }
}

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
