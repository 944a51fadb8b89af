import { Boundaries } from '../message/boundaries.ts';
import type { Framer } from './framer.ts';
import { HttpDirection } from './http-direction.ts';

/**
 * Creates a framer for HTTP/1 messages (RFC 9112), requests and responses: a header and the body that its fields describe. Lines may end
 * with a bare LF; empty lines before a start line are the message's head. A response without a length ends with the stream. After
 * `101 Switching Protocols` and after CONNECT, the framing is raw. The bytes of the other direction (`sent`) show which responses have
 * no body because they answer HEAD.
 *
 * Malformed are an invalid start line, an invalid header or trailers (a line that is not a field, control characters, lengths that
 * contradict each other, are folded or are above 2^53 - 1), an invalid chunk (to the end of its line) and a header above 64 KiB; then
 * all bytes up to the next line that begins with a capital letter, as start lines do. A body above `maxMessage` is not malformed.
 */
export function createHttpFramer(maxMessage: number): Framer {
  const here = new HttpDirection(maxMessage);
  const there = new HttpDirection(maxMessage);
  here.other = there;
  there.other = here;
  const scratch = new Boundaries();
  return {
    push: (chunk, boundaries) => here.push(chunk, boundaries),
    end: () => here.end(),
    sent(bytes) {
      scratch.clear();
      there.push(bytes, scratch);
    },
    get pendingHead() {
      return here.head;
    },
    get claim() {
      return here.claim;
    },
    get inside() {
      return here.inside;
    },
  };
}
