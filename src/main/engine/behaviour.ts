import { assertNever } from '#shared/assert-never.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Behaviour } from '#shared/contract/models.ts';
import { Cuts, singleCut } from '#shared/framing/cuts.ts';
import { type Encoded, encodeMessage } from '#shared/framing/list.ts';
import type { FramingSpec } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/record/record.ts';
import type { Job } from './outbox.ts';

/** Reads a file to reply with; `undefined` where it can't be read, which the reader has said. */
export type ReplyFileReader = (path: string) => Promise<Uint8Array | undefined>;

/** The job that answers a run of messages as `behaviour` says; `undefined` where nothing is to be sent. */
export function respondTo(
  behaviour: Behaviour,
  framing: FramingSpec,
  run: { readonly held: Uint8Array; readonly chunk: Uint8Array; readonly cuts: Cuts },
  readFile: ReplyFileReader,
): Job | undefined {
  switch (behaviour.kind) {
    case 'silent':
      return undefined;
    case 'echo':
      return echo(run.held, run.chunk, run.cuts);
    case 'reply':
      return replyJob(encodeMessage(framing, encodeUtf8(behaviour.text)), answerable(run.cuts));
    case 'reply-file':
      return replyFileJob(behaviour.path, framing, answerable(run.cuts), readFile);
    default:
      return assertNever(behaviour);
  }
}

/** Sends each message back as it came, framing and all. */
function echo(held: Uint8Array, chunk: Uint8Array, cuts: Cuts): Job {
  const end = cuts.ends[cuts.count - 1] as number;
  const bytes = new Uint8Array(held.length + end);
  bytes.set(held);
  bytes.set(end === chunk.length ? chunk : chunk.subarray(0, end), held.length);
  const moved = cuts.copy();
  for (let index = 0; index < moved.count; index += 1) moved.ends[index] = (moved.ends[index] as number) + held.length;
  return { bytes, cuts: () => moved, done: () => {} };
}

/** How many of these messages want an answer: not the bytes between them, and a message in pieces only once. */
function answerable(cuts: Cuts): number {
  let count = 0;
  for (let index = 0; index < cuts.count; index += 1) {
    if (((cuts.flags[index] as number) & (messageFlags.filler | messageFlags.cutByLimit)) === 0) count += 1;
  }
  return count;
}

function replyJob(reply: Encoded, times: number): Job | undefined {
  if (times === 0 || reply.bytes.length === 0) return undefined;
  return { bytes: repeat(reply.bytes, times), cuts: () => repeatedCuts(reply, times), done: () => {} };
}

function replyFileJob(path: string, framing: FramingSpec, times: number, readFile: ReplyFileReader): Job | undefined {
  if (times === 0) return undefined;
  let reply: Encoded | undefined;
  const bytes = readFile(path).then((body) => {
    if (!body || body.length === 0) return undefined;
    reply = encodeMessage(framing, body);
    return repeat(reply.bytes, times);
  });
  return { bytes, cuts: () => (reply ? repeatedCuts(reply, times) : new Cuts(0)), done: () => {} };
}

function repeat(bytes: Uint8Array, times: number): Uint8Array {
  if (times === 1) return bytes;
  const repeated = new Uint8Array(bytes.length * times);
  for (let index = 0; index < times; index += 1) repeated.set(bytes, index * bytes.length);
  return repeated;
}

function repeatedCuts(reply: Encoded, times: number): Cuts {
  if (times === 1) return singleCut(reply.bytes.length, reply.tail);
  const cuts = new Cuts(times);
  for (let index = 1; index <= times; index += 1) cuts.push(index * reply.bytes.length, 0, reply.tail, 0);
  return cuts;
}
