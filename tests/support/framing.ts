import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { MessageStream, type MessageStreamOptions } from '#shared/framing/message-stream.ts';
import { createFramer, parseFraming } from '#shared/framing/spec.ts';
import { messageFlags } from '#shared/message/flags.ts';

/** A message as a test compares it: its body and framing as Latin-1 text, so that every byte shows. */
export interface FramedMessage {
  readonly head: string;
  readonly body: string;
  readonly tail: string;
  readonly flags: number;
}

/** Bytes that were read at a time, in milliseconds. */
export interface Read {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** The limit on a message where a test names none, in bytes. */
export const defaultLimit = 1_048_576;

/** A stream as the engine makes one, that collects all that comes out of it. */
export class CollectingStream {
  readonly messages: FramedMessage[] = [];
  /** Why messages are malformed: what each call of `take` received. */
  readonly problems: string[] = [];
  readonly stream: MessageStream;
  mostHeld = 0;

  constructor(spec: FramingSpec, options: Partial<MessageStreamOptions> = {}) {
    const { maxMessage = defaultLimit, badFrame = 'resynchronise' } = options;
    this.stream = new MessageStream(
      createFramer(spec, maxMessage),
      { maxMessage, badFrame },
      (carryOver, chunk, found) => {
        const all = Buffer.concat([carryOver, chunk]);
        let start = 0;
        for (let index = 0; index < found.count; index += 1) {
          const end = (found.ends[index] as number) + carryOver.length;
          const bytes = all.subarray(start, end);
          const head = found.heads[index] as number;
          const tail = found.tails[index] as number;
          this.messages.push({
            head: bytes.subarray(0, head).toString('latin1'),
            body: bytes.subarray(head, bytes.length - tail).toString('latin1'),
            tail: bytes.subarray(bytes.length - tail).toString('latin1'),
            flags: found.flags[index] as number,
          });
          start = end;
        }
        if (found.problem !== '') this.problems.push(found.problem);
      },
    );
  }

  /** Pushes what was read, in order. */
  push(reads: readonly Read[]): this {
    for (const { bytes, at } of reads) {
      this.stream.push(bytes, at);
      this.mostHeld = Math.max(this.mostHeld, this.stream.pending);
    }
    return this;
  }

  /** Ends the stream. */
  end(): this {
    this.stream.end();
    return this;
  }
}

/** Runs `chunks` through a framing as the engine does and gives all that came out, with the largest carry-over. */
export function frameStream(
  spec: FramingSpec,
  chunks: readonly Uint8Array[],
  maxMessage = defaultLimit,
): { messages: FramedMessage[]; problems: string[]; mostHeld: number } {
  const reads = chunks.map((bytes) => ({ bytes, at: 0 }));
  return new CollectingStream(spec, { maxMessage }).push(reads).end();
}

/** `bytes` split at the given places (any numbers; taken modulo the length). */
export function chunksOf(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const to of [...at, bytes.length]) {
    chunks.push(bytes.subarray(from, to));
    from = to;
  }
  return chunks;
}

/** The bytes of `message` as they stood on the wire, as Latin-1 text. */
export function wireOf(message: FramedMessage): string {
  return message.head + message.body + message.tail;
}

/** What `wire` (a string: a byte for each character) is split into, in one read: body, and the name of each flag. */
export function messagesIn(spelling: string, wire: string | readonly string[]): string[] {
  return describeMessages(frameText(spelling, wire).messages);
}

/** Why the first malformed message of each read of `wire` is malformed. */
export function problemsIn(spelling: string, wire: string | readonly string[]): string[] {
  return frameText(spelling, wire).problems;
}

/** A collecting stream for the framing that `spelling` spells. */
export function streamFor(spelling: string, options: Partial<MessageStreamOptions> = {}): CollectingStream {
  const spec = parseFraming(spelling);
  if (!spec) throw new Error(`${spelling} is not a framing`);
  return new CollectingStream(spec, options);
}

/** Each message as `head‹body›tail` with the names of its flags after it. */
export function describeMessages(messages: readonly FramedMessage[]): string[] {
  return messages.map(({ head, body, tail, flags }) => {
    const names = Object.entries(messageFlags).flatMap(([name, bit]) => (flags & bit ? [` ${name}`] : []));
    return `${head}‹${body}›${tail}${names.join('')}`;
  });
}

/** A read at no time in particular. */
export function readOf(text: string, at = 0): Read {
  return { bytes: Uint8Array.from(Buffer.from(text, 'latin1')), at };
}

function frameText(spelling: string, wire: string | readonly string[]): CollectingStream {
  const reads = typeof wire === 'string' ? [wire] : wire;
  return streamFor(spelling)
    .push(reads.map((text) => readOf(text)))
    .end();
}
