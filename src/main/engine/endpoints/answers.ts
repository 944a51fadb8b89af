import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import type { Batches, ReceivedBatch } from '#shared/message/boundaries.ts';
import { type Action, respond } from '#shared/rules/actions/catalogue.ts';
import { repliesOf, unframeableReply } from '#shared/rules/actions/reply.ts';
import type { LoadedBatches, QueuedSend } from '../connection/queued-send.ts';

interface AnswerOptions {
  /** Reads a file to reply with; `undefined` where it cannot be read, which the reader has reported. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** Records a problem. */
  readonly problem: (text: string) => void;
}

/** Returns what `actions` answer to a batch of messages, ready for the send queue; records the problems of it. */
export function answersOf(
  actions: readonly Action[],
  batch: ReceivedBatch,
  framing: FramingSpec,
  options: AnswerOptions,
): QueuedSend[] {
  const sends: QueuedSend[] = [];
  for (const answer of respond(actions, batch, framing)) {
    if (answer.kind === 'send') sends.push({ batches: answer.batches, isAnswer: true });
    else if (answer.kind === 'problem') options.problem(answer.text);
    else sends.push({ batches: new FileReplies(answer, framing, options), isAnswer: true });
  }
  return sends;
}

/** Replies with the content of a file, which is read when their turn to be sent comes: a waiting send needs no memory. */
class FileReplies implements LoadedBatches {
  readonly #file: { readonly path: string; readonly times: number };
  readonly #framing: FramingSpec;
  readonly #options: AnswerOptions;
  #batches: Promise<Batches | undefined> | undefined;

  constructor(file: { readonly path: string; readonly times: number }, framing: FramingSpec, options: AnswerOptions) {
    this.#file = file;
    this.#framing = framing;
    this.#options = options;
  }

  async load() {
    this.#batches ??= this.#read();
    return (await this.#batches)?.next();
  }

  close(): void {}

  async #read(): Promise<Batches | undefined> {
    const { readFile, problem } = this.#options;
    const body = await readFile(this.#file.path);
    const batches = body && repliesOf(body, this.#framing, this.#file.times);
    if (!batches || !isUnframeable(batches)) return batches;
    problem(unframeableReply(batches));
    return undefined;
  }
}
