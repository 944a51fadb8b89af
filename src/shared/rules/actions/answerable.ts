import type { Boundaries } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';

/** The flags of bytes that are not a message: bytes between messages, malformed bytes, and an incomplete message. */
export const notMessages = messageFlags.filler | messageFlags.malformed | messageFlags.incomplete;
/** A message above the limit is answered once, after its last piece. */
const unanswered = notMessages | messageFlags.truncated;

/** Returns the number of messages that are answered. */
export function answerable(boundaries: Boundaries): number {
  let count = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    if (((boundaries.flags[index] as number) & unanswered) === 0) count += 1;
  }
  return count;
}
