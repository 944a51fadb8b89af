import type { FramingSpec } from '#shared/framing/catalogue.ts';
import type { ReceivedBatch } from '#shared/message/boundaries.ts';
import type { LogSink } from '#shared/record/record.ts';
import type { MachineEvent } from './event.ts';
import type { QueuedSend } from './queued-send.ts';

/** Returns the sends that answer received messages, framed with the connection's framing. The batch is valid until it returns. */
export type Responder = (batch: ReceivedBatch, framing: FramingSpec) => readonly QueuedSend[];

/** Answers the messages that a connection receives, as long as sent bytes can be recorded. */
export class Answering {
  readonly #log: LogSink;
  readonly #respond: Responder;
  /** True once it is recorded that messages are not answered. */
  #isRecorded = false;

  constructor(log: LogSink, respond: Responder) {
    this.#log = log;
    this.#respond = respond;
  }

  /** Appends the answers to a batch of messages to `events`. */
  answer(batch: ReceivedBatch, framing: FramingSpec, events: MachineEvent[]): void {
    if (this.#log.stalled) {
      this.#recordOnce(events);
      return;
    }
    this.#isRecorded = false;
    for (const send of this.#respond(batch, framing)) events.push({ kind: 'answer', send });
  }

  #recordOnce(events: MachineEvent[]): void {
    if (this.#isRecorded) return;
    this.#isRecorded = true;
    const text = 'messages are no longer answered: the session file is not writable';
    events.push({ kind: 'noted', event: { kind: 'limited', limit: 'sessionMemory', text } });
  }
}
