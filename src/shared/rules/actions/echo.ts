import { keepBytes } from '../../framing/message-stream.ts';
import { Boundaries, type ReceivedBatch, singleBatch } from '../../message/boundaries.ts';
import { messageFlags } from '../../message/flags.ts';
import { type Answer, defineAction, notMessages } from './action.ts';

/** Sends each complete message back. */
export const echo = defineAction<'echo', never>({
  kind: 'echo',
  label: 'Echo: send each message back',
  flag: { spelling: '--echo', help: 'send each complete message back' },
  explain: () => 'echo',
  respond: (_, batch) => echoOf(batch),
});

/**
 * Returns each complete message unchanged, including its framing, and each piece of a message above the limit as it is
 * received. With raw framing every read is a message, so that every byte is returned (RFC 862). One copy of the bytes, and no
 * object per message.
 */
function echoOf({ carryOver, chunk, boundaries }: ReceivedBatch): Answer | undefined {
  const last = boundaries.ends[boundaries.count - 1] as number;
  const bytes = joined(carryOver, last === chunk.length ? chunk : chunk.subarray(0, last));
  const echoed = new Boundaries(boundaries.count);
  let start = 0;
  let length = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = carryOver.length + (boundaries.ends[index] as number);
    const flags = boundaries.flags[index] as number;
    if ((flags & notMessages) === 0) {
      // Nearly always all are messages, and nothing has to be moved.
      if (length !== start) bytes.copyWithin(length, start, end);
      length += end - start;
      // The connection determines whether it is sent as text.
      const others = flags & ~messageFlags.text;
      echoed.push(length, boundaries.heads[index] as number, boundaries.tails[index] as number, others);
    }
    start = end;
  }
  return echoed.count === 0 ? undefined : { kind: 'send', batches: singleBatch(bytes.subarray(0, length), echoed) };
}

/**
 * Returns `carryOver` followed by `rest` in memory that nothing overwrites. The connection owns a long `carryOver`
 * (`TakeMessages`): `rest` is appended to it where there is room, because copying megabytes would delay other connections.
 */
function joined(carryOver: Uint8Array, rest: Uint8Array): Uint8Array {
  const length = carryOver.length + rest.length;
  const capacity = carryOver.buffer.byteLength;
  // A buffer that is mostly empty is not kept in the send queue.
  const hasRoom = carryOver.length > keepBytes && carryOver.byteOffset + length <= capacity && capacity <= length * 2;
  const bytes = hasRoom ? new Uint8Array(carryOver.buffer, carryOver.byteOffset, length) : new Uint8Array(length);
  if (!hasRoom) bytes.set(carryOver);
  bytes.set(rest, carryOver.length);
  return bytes;
}
