import { assertNever } from '#shared/assert-never.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Behaviour } from '#shared/contract/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { Cuts, singleCut } from '#shared/framing/cuts.ts';
import { type Encoded, isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage } from '#shared/framing/list.ts';
import { keepBytes } from '#shared/framing/message-stream.ts';
import { messageFlags } from '#shared/record/record.ts';
import { type Batches, type Job, singleBatch } from '../connections/job.ts';

/** Replies are made and recorded in batches of about this many bytes. */
const batchBytes = 262_144;

/** Reads a file to reply with; `undefined` where it can't be read, which the reader has said. */
export type ReplyFileReader = (path: string) => Promise<Uint8Array | undefined>;

export interface RespondOptions {
  readonly readFile: ReplyFileReader;
  /** The reply does not fit the framing: why. */
  readonly unframeable: (problem: string) => void;
}

/** The job that answers a run of messages as `behaviour` says; `undefined` where nothing is to be sent. */
export function respondTo(
  behaviour: Behaviour,
  framing: FramingSpec,
  run: { readonly held: Uint8Array; readonly chunk: Uint8Array; readonly cuts: Cuts },
  options: RespondOptions,
): Job | undefined {
  switch (behaviour.kind) {
    case 'silent':
      return undefined;
    case 'echo':
      return echo(run.held, run.chunk, run.cuts);
    case 'reply':
      return replyJob(encodeUtf8(behaviour.text), framing, answerable(run.cuts), options);
    case 'reply-file':
      return replyFileJob(behaviour.path, framing, answerable(run.cuts), options);
    default:
      return assertNever(behaviour);
  }
}

/**
 * Sends each message back as it came, framing and all. So an incomplete message goes back too, as it is: an echo returns
 * every byte (RFC 862).
 */
function echo(held: Uint8Array, chunk: Uint8Array, cuts: Cuts): Job {
  const end = cuts.ends[cuts.count - 1] as number;
  const bytes = joined(held, end === chunk.length ? chunk : chunk.subarray(0, end));
  const moved = cuts.copy();
  for (let index = 0; index < moved.count; index += 1) {
    moved.ends[index] = (moved.ends[index] as number) + held.length;
    // What it is sent as is for the connection to say; and what came incomplete goes whole, as it is.
    moved.flags[index] = (moved.flags[index] as number) & ~(messageFlags.text | messageFlags.incomplete);
  }
  return { batches: singleBatch(bytes, moved) };
}

/**
 * Returns `held` and `rest` in memory that stays as it is. A long `held` is ours (`TakeMessages`): `rest` goes behind it where there is room,
 * because to copy megabytes at once would delay everybody else.
 */
function joined(held: Uint8Array, rest: Uint8Array): Uint8Array {
  const length = held.length + rest.length;
  const capacity = held.buffer.byteLength;
  // Of a buffer that is mostly empty no more than the message is to wait.
  const hasRoom = held.length > keepBytes && held.byteOffset + length <= capacity && capacity <= length * 2;
  const bytes = hasRoom ? new Uint8Array(held.buffer, held.byteOffset, length) : new Uint8Array(length);
  if (!hasRoom) bytes.set(held);
  bytes.set(rest, held.length);
  return bytes;
}

/** What is not answered: bytes between messages, all pieces of a message but the last, and a message that has no end. */
const unanswered = messageFlags.filler | messageFlags.cutByLimit | messageFlags.incomplete;

/** How many of these messages are answered. */
function answerable(cuts: Cuts): number {
  let count = 0;
  for (let index = 0; index < cuts.count; index += 1) {
    if (((cuts.flags[index] as number) & unanswered) === 0) count += 1;
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
      if (count === 1) return { bytes: reply.bytes, cuts: singleCut(length, reply.head, reply.tail) };
      const bytes = new Uint8Array(length * count);
      const cuts = new Cuts(count);
      for (let index = 0; index < count; index += 1) {
        bytes.set(reply.bytes, index * length);
        cuts.push((index + 1) * length, reply.head, reply.tail, 0);
      }
      return { bytes, cuts };
    },
  };
}
