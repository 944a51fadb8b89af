import { assertNever } from '#shared/assert-never.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Behaviour } from '#shared/endpoint/options/behaviour.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type Encoded, isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/list.ts';
import { keepBytes } from '#shared/framing/message-stream.ts';
import { type Batches, type ReceivedBatch, singleBatch } from '#shared/message/batch.ts';
import { Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Job } from '../connection/job.ts';

/** The approximate size of a batch of replies. */
const batchBytes = 262_144;

/** Reads a file to reply with; `undefined` where it cannot be read, which the reader has reported. */
export type ReplyFileReader = (path: string) => Promise<Uint8Array | undefined>;

interface RespondOptions {
  readonly readFile: ReplyFileReader;
  /** Called with the reason where the framing cannot frame the reply. */
  readonly unframeable: (problem: string) => void;
}

/** Returns the job that answers a batch of messages according to `behaviour`; `undefined` where there is nothing to send. */
export function respondTo(
  behaviour: Behaviour,
  framing: FramingSpec,
  batch: ReceivedBatch,
  options: RespondOptions,
): Job | undefined {
  switch (behaviour.kind) {
    case 'silent':
      return undefined;
    case 'echo':
      return echo(batch);
    case 'reply':
      return replyJob(encodeUtf8(behaviour.text), framing, answerable(batch.boundaries), options);
    case 'reply-file':
      return replyFileJob(behaviour.path, framing, answerable(batch.boundaries), options);
    default:
      return assertNever(behaviour);
  }
}

/** The flags of bytes that are not a message: bytes between messages, malformed bytes, and an incomplete message. */
const noMessage = messageFlags.filler | messageFlags.malformed | messageFlags.incomplete;
/** A message above the limit is answered once, after its last piece. */
const unanswered = noMessage | messageFlags.truncated;

/**
 * Returns each complete message unchanged, including its framing, and each piece of a message above the limit as it is
 * received. With raw framing every read is a message, so that every byte is returned (RFC 862).
 */
function echo({ carryOver, chunk, boundaries }: ReceivedBatch): Job | undefined {
  const last = boundaries.ends[boundaries.count - 1] as number;
  const bytes = joined(carryOver, last === chunk.length ? chunk : chunk.subarray(0, last));
  const echoed = new Boundaries(boundaries.count);
  let start = 0;
  let length = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = carryOver.length + (boundaries.ends[index] as number);
    const flags = boundaries.flags[index] as number;
    if ((flags & noMessage) === 0) {
      // Nearly always all are messages, and nothing has to be moved.
      if (length !== start) bytes.copyWithin(length, start, end);
      length += end - start;
      // The connection determines whether it is sent as text.
      echoed.push(
        length,
        boundaries.heads[index] as number,
        boundaries.tails[index] as number,
        flags & ~messageFlags.text,
      );
    }
    start = end;
  }
  return echoed.count === 0 ? undefined : { batches: singleBatch(bytes.subarray(0, length), echoed) };
}

/**
 * Returns `carryOver` followed by `rest` in memory that nothing overwrites. This connection owns a long `carryOver`
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

/** Returns the number of messages that are answered. */
function answerable(boundaries: Boundaries): number {
  let count = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    if (((boundaries.flags[index] as number) & unanswered) === 0) count += 1;
  }
  return count;
}

function replyJob(body: Uint8Array, framing: FramingSpec, times: number, options: RespondOptions): Job | undefined {
  const batches = times === 0 ? undefined : replyBatches(body, framing, times, options);
  return batches && { batches };
}

/** Returns `times` replies with `body`; `undefined` where there is nothing to send. */
function replyBatches(
  body: Uint8Array,
  framing: FramingSpec,
  times: number,
  { unframeable }: RespondOptions,
): Batches | undefined {
  const reply = encodeMessage(framing, body);
  if (isUnframeable(reply)) {
    unframeable(reply.problem);
    return undefined;
  }
  return reply.bytes.length === 0 ? undefined : repeat(reply, times);
}

function replyFileJob(path: string, framing: FramingSpec, times: number, options: RespondOptions): Job | undefined {
  if (times === 0) return undefined;
  let batches: Batches | undefined;
  const load = async () => {
    if (batches === undefined) {
      const body = await options.readFile(path);
      batches = body && replyBatches(body, framing, times, options);
    }
    return batches?.next();
  };
  return { batches: { load, close: () => {} } };
}

/** Returns batches with `times` copies of `reply`. */
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
