import { Boundaries } from '../message/boundaries.ts';
import type { Framer } from './framer.ts';
import { HttpDirection } from './http-direction.ts';

/**
 * HTTP/1 messages (RFC 9112), requests and answers: a header and as much body as its fields say. Lines may end with a bare
 * LF; empty lines before a start line are the message's head. An answer without a length lasts until the stream ends.
 * After `101 Switching Protocols` and after CONNECT the rest is no HTTP and comes as it is read. What was sent in the
 * other direction (`sent`) tells which answers have no body because they answer HEAD.
 *
 * Malformed are a bad start line, a bad header or trailers (to their end: a line that is no field, control characters, lengths that
 * contradict each other, are folded or are above 2^53 - 1), a bad chunk (to the end of its line) and a header of more than 64 KiB;
 * then all bytes up to the next line that begins with a capital letter, as start lines do. A body above `maxMessage` is none of that.
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
