import { encodeUtf8 } from '../../bytes/text.ts';
import type { FramingSpec } from '../../framing/catalogue.ts';
import { type Encoded, isUnframeable, type Unframeable } from '../../framing/framing.ts';
import { encodeMessage } from '../../framing/spec.ts';
import { type Batches, Boundaries, singleBoundary } from '../../message/boundaries.ts';
import { answerable, defineAction } from './action.ts';

/** Answers each complete message with a text. */
export const reply = defineAction({
  kind: 'reply',
  label: 'Reply with text',
  value: {
    name: 'text',
    default: 'Message received!',
    maxLength: { length: 1_048_576, message: 'A reply must have at most 1048576 characters' },
    input: 'exact',
    label: 'Reply',
    help: 'Sent for each received message.',
    aliases: '',
  },
  flag: { spelling: '--reply <text>', help: 'reply to each message with this text' },
  explain: () => 'replies with text',
  respond({ text }, { boundaries }, framing) {
    const times = answerable(boundaries);
    const batches = times === 0 ? undefined : repliesOf(encodeUtf8(text), framing, times);
    if (batches === undefined) return undefined;
    if (isUnframeable(batches)) return { kind: 'problem', text: unframeableReply(batches) };
    return { kind: 'send', batches };
  },
});

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

/**
 * Answers each complete message with the content of a file, which is read for each batch. `path`: a path or a reference, or
 * `sample:data.json` for a file that ships with Wirebench.
 */
export const replyFile = defineAction({
  kind: 'reply-file',
  label: 'Reply with a file or sample',
  value: {
    name: 'path',
    default: 'sample:data.json',
    minLength: { length: 1, message: 'Select a file' },
    maxLength: { length: 4_096, message: 'A path must have at most 4096 characters' },
    input: 'payload',
    label: 'File',
    help: 'Read again for each reply, so that you can edit it in the meantime.',
    aliases: 'file sample',
  },
  flag: { spelling: '--reply-file <file>', help: 'reply to each message with the contents of this file' },
  explain: () => 'replies with a file',
  respond({ path }, { boundaries }) {
    const times = answerable(boundaries);
    return times === 0 ? undefined : { kind: 'send-file', path, times };
  },
});
