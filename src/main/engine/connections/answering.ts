import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { Job } from './job.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Outbound } from './outbound.ts';

/** Returns the job that answers received messages, framed with the connection's framing. */
export type Responder = (
  carryOver: Uint8Array,
  chunk: Uint8Array,
  boundaries: Boundaries,
  framing: FramingSpec,
) => Job | undefined;

/** Answers the messages that a connection receives, as long as sent bytes can be recorded. */
export class Answering {
  readonly #log: LogSink;
  readonly #lifecycle: Lifecycle;
  readonly #respond: Responder;
  /** True once it is recorded that messages are not answered. */
  #isRecorded = false;

  constructor(log: LogSink, lifecycle: Lifecycle, respond: Responder) {
    this.#log = log;
    this.#lifecycle = lifecycle;
    this.#respond = respond;
  }

  /** Answers a batch of messages, given as in `LogSink.messages`. */
  answer(
    carryOver: Uint8Array,
    chunk: Uint8Array,
    boundaries: Boundaries,
    framing: FramingSpec,
    outbound: Outbound,
  ): void {
    if (this.#log.stalled) {
      this.#recordOnce();
      return;
    }
    this.#isRecorded = false;
    const job = this.#respond(carryOver, chunk, boundaries, framing);
    if (job) outbound.answer(job);
  }

  #recordOnce(): void {
    if (this.#isRecorded) return;
    this.#isRecorded = true;
    const text = 'messages are no longer answered: the session file is not writable';
    this.#lifecycle.emit({ kind: 'limited', limit: 'sessionMemory', text });
  }
}
