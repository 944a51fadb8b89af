import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import type { Batches } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/record.ts';
import type { Action } from '#shared/rules/actions/catalogue.ts';
import { respond } from '#shared/rules/actions/catalogue.ts';
import { repliesOf, unframeableReply } from '#shared/rules/actions/reply.ts';
import type { LoadedBatches } from '../connection/sends.ts';
import type { MachineEvent, Responder } from '../connection/step.ts';

interface AnswerOptions {
  readonly log: LogSink;
  /** Returns the current actions, so that a change takes effect with the next message. */
  readonly actions: () => readonly Action[];
  /** Reads a file to reply with; `undefined` where it cannot be read, which the reader has reported. */
  readonly readFile: (path: string) => Promise<Uint8Array | undefined>;
  /** Records a problem. */
  readonly problem: (text: string) => void;
}

/** Answers the messages that one connection receives, as long as sent bytes can be recorded. */
export class Answers {
  readonly #options: AnswerOptions;
  /** True once it is recorded that messages are not answered. */
  #isRecorded = false;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  /** Returns what the actions answer to a batch of messages, framed with `framing`, as events of the connection; records the problems of it. */
  readonly respond: Responder = (batch, framing) => {
    const { log, actions, problem } = this.#options;
    if (log.stalled) return this.#recordOnce();
    this.#isRecorded = false;
    const events: MachineEvent[] = [];
    for (const answer of respond(actions(), batch, framing)) {
      if (answer.kind === 'send') events.push({ kind: 'answer', send: { batches: answer.batches, isAnswer: true } });
      else if (answer.kind === 'problem') problem(answer.text);
      else
        events.push({
          kind: 'answer',
          send: { batches: new FileReplies(answer, framing, this.#options), isAnswer: true },
        });
    }
    return events;
  };

  #recordOnce(): readonly MachineEvent[] {
    if (this.#isRecorded) return [];
    this.#isRecorded = true;
    const text = 'messages are no longer answered: the session file is not writable';
    return [{ kind: 'noted', event: { kind: 'limited', limit: 'sessionMemory', text } }];
  }
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
