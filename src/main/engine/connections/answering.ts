import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { Boundaries } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import type { Job } from './job.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Outbound } from './outbound.ts';

/** What a server does with messages: gives the jobs that answer them, framed as the connection is. */
export type Responder = (
  carryOver: Uint8Array,
  chunk: Uint8Array,
  boundaries: Boundaries,
  framing: FramingSpec,
) => Job | undefined;

/** Answers what a connection receives, as long as what is sent can be recorded. */
export class Answering {
  readonly #log: LogSink;
  readonly #lifecycle: Lifecycle;
  readonly #respond: Responder;
  /** It is recorded that messages are not answered. */
  #told = false;

  constructor(log: LogSink, lifecycle: Lifecycle, respond: Responder) {
    this.#log = log;
    this.#lifecycle = lifecycle;
    this.#respond = respond;
  }

  /** Answers a run of messages, as `LogSink.run` has them. */
  answer(
    carryOver: Uint8Array,
    chunk: Uint8Array,
    boundaries: Boundaries,
    framing: FramingSpec,
    outbound: Outbound,
  ): void {
    if (this.#log.stalled) {
      this.#tell();
      return;
    }
    this.#told = false;
    const job = this.#respond(carryOver, chunk, boundaries, framing);
    if (job) outbound.answer(job);
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    const text = 'messages are not answered from here on: the session’s file cannot be written';
    this.#lifecycle.emit({ kind: 'limited', limit: 'sessionMemory', text });
  }
}
