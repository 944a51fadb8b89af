import { assertNever } from '#shared/assert-never.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Behaviour } from '#shared/endpoint/options/behaviour.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type Encoded, isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/list.ts';
import { keepBytes } from '#shared/framing/message-stream.ts';
import { Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { type Batches, type Job, singleBatch } from '../connections/job.ts';

/** Replies are made and recorded in batches of about this many bytes. */
const batchBytes = 262_144;

/** Reads a file to reply with; `undefined` where it can't be read, which the reader has said. */
export type ReplyFileReader = (path: string) => Promise<Uint8Array | undefined>;

interface RespondOptions {
  readonly readFile: ReplyFileReader;
  /** The reply does not fit the framing: why. */
  readonly unframeable: (problem: string) => void;
}

/** The messages of a read: `held`, then `chunk`, as `boundaries` tile them. */
export interface Run {
  readonly carryOver: Uint8Array;
  readonly chunk: Uint8Array;
  readonly boundaries: Boundaries;
}

/** The job that answers a run of messages as `behaviour` says; `undefined` where nothing is to be sent. */
export function respondTo(
  behaviour: Behaviour,
  framing: FramingSpec,
  run: Run,
  options: RespondOptions,
): Job | undefined {
  switch (behaviour.kind) {
    case 'silent':
      return undefined;
    case 'echo':
      return echo(run);
    case 'reply':
      return replyJob(encodeUtf8(behaviour.text), framing, answerable(run.boundaries), options);
    case 'reply-file':
      return replyFileJob(behaviour.path, framing, answerable(run.boundaries), options);
    default:
      return assertNever(behaviour);
  }
}

/** What is no message: bytes between messages, malformed bytes, and a message that has no end. */
const noMessage = messageFlags.filler | messageFlags.malformed | messageFlags.incomplete;
/** A message above the limit is answered once, behind its last piece. */
const unanswered = noMessage | messageFlags.truncated;

/**
 * Sends each complete message back as it came, framing and all, and each piece of one above the limit as it comes. Under raw framing
 * every read is a message, so that every byte goes back (RFC 862).
 */
function echo({ carryOver, chunk, boundaries }: Run): Job | undefined {
  const last = boundaries.ends[boundaries.count - 1] as number;
  const bytes = joined(carryOver, last === chunk.length ? chunk : chunk.subarray(0, last));
  const echoed = new Boundaries(boundaries.count);
  let start = 0;
  let length = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = carryOver.length + (boundaries.ends[index] as number);
    const flags = boundaries.flags[index] as number;
    if ((flags & noMessage) === 0) {
      // Nearly always all are messages, and nothing moves.
      if (length !== start) bytes.copyWithin(length, start, end);
      length += end - start;
      // How it is sent is for the connection to say.
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
 * Returns `held` and `rest` in memory that stays as it is. A long `held` is ours (`TakeMessages`): `rest` goes behind it where there is room,
 * because to copy megabytes at once would delay everybody else.
 */
function joined(carryOver: Uint8Array, rest: Uint8Array): Uint8Array {
  const length = carryOver.length + rest.length;
  const capacity = carryOver.buffer.byteLength;
  // Of a buffer that is mostly empty no more than the message is to wait.
  const hasRoom = carryOver.length > keepBytes && carryOver.byteOffset + length <= capacity && capacity <= length * 2;
  const bytes = hasRoom ? new Uint8Array(carryOver.buffer, carryOver.byteOffset, length) : new Uint8Array(length);
  if (!hasRoom) bytes.set(carryOver);
  bytes.set(rest, carryOver.length);
  return bytes;
}

/** How many of these messages are answered. */
function answerable(boundaries: Boundaries): number {
  let count = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    if (((boundaries.flags[index] as number) & unanswered) === 0) count += 1;
  }
  return count;
}

function replyJob(
  body: Uint8Array,
  framing: FramingSpec,
  times: number,
  { unframeable }: RespondOptions,
): Job | undefined {
  if (times === 0) return undefined;
  const reply = encodeMessage(framing, body);
  if (isUnframeable(reply)) {
    unframeable(reply.problem);
    return undefined;
  }
  return reply.bytes.length === 0 ? undefined : { batches: repeat(reply, times) };
}

function replyFileJob(path: string, framing: FramingSpec, times: number, options: RespondOptions): Job | undefined {
  if (times === 0) return undefined;
  const batches = async () => {
    const body = await options.readFile(path);
    const job = body && replyJob(body, framing, times, options);
    return job && typeof job.batches !== 'function' ? job.batches : undefined;
  };
  return { batches };
}

/** `reply`, `times` times over. */
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
