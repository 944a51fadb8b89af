import type { FramingSpec } from '../../framing/catalogue.ts';
import { type Encoded, isUnframeable, type Unframeable } from '../../framing/framing.ts';
import { encodeMessage } from '../../framing/spec.ts';
import type { Batches } from '../../message/batch.ts';
import { Boundaries, singleBoundary } from '../../message/boundaries.ts';

/** The approximate size of a batch of replies. */
const batchBytes = 262_144;

/** Returns `times` messages with the content `body`; `undefined` where there is nothing to send. */
export function repliesOf(body: Uint8Array, framing: FramingSpec, times: number): Batches | Unframeable | undefined {
  const reply = encodeMessage(framing, body);
  if (isUnframeable(reply)) return reply;
  return times === 0 || reply.bytes.length === 0 ? undefined : repeat(reply, times);
}

/** Returns the text of the problem where a reply cannot be framed. */
export function unframeableReply({ problem }: Unframeable): string {
  return `the reply was not sent: ${problem}`;
}

function repeat(reply: Encoded, times: number): Batches {
  const { length } = reply.bytes;
  const perBatch = Math.max(1, Math.floor(batchBytes / length));
  let left = times;
  return {
    size: length * times,
    next() {
      if (left === 0) return undefined;
      const count = Math.min(left, perBatch);
      left -= count;
      if (count === 1) return { bytes: reply.bytes, boundaries: singleBoundary(length, reply.head, reply.tail) };
      const bytes = new Uint8Array(length * count);
      const boundaries = new Boundaries(count);
      for (let index = 0; index < count; index += 1) {
        bytes.set(reply.bytes, index * length);
        boundaries.push((index + 1) * length, reply.head, reply.tail, 0);
      }
      return { bytes, boundaries };
    },
  };
}
