import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { FrameFaults, type Incomplete, incompleteOf, tooLongText } from '#shared/framing/frame-faults.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import { type BadFrame, createFramer, formatFraming } from '#shared/framing/spec.ts';
import { type Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Command } from './step.ts';
import { GapTimer, IncompleteMessage } from './timers.ts';

const nothing = new Uint8Array(0);

interface IncomingOptions {
  readonly config: Pick<EndpointConfig, 'framing' | 'badFrame' | 'limits'>;
  /** The transport carries messages: nothing is framed. */
  readonly messageOriented: boolean;
  /** Gets the commands. */
  readonly out: Command[];
}

/** The received bytes and messages of one connection, read-only. */
export type Received = Readonly<
  Pick<
    Incoming,
    'bytes' | 'messages' | 'framing' | 'badFrame' | 'framingStopped' | 'incomplete' | 'overdue' | 'waiting'
  >
>;

/** The receiving side of a connection: splits the bytes into messages, and reports each framing error once. Times in milliseconds. */
export class Incoming {
  bytes = 0;
  messages = 0;
  framing: FramingSpec;
  badFrame: BadFrame;
  /** Messages are answered. */
  answers = false;
  /** The longest message that framing waits for; without framing, 0. Bytes. */
  readonly #maxMessage: number = 0;
  readonly #out: Command[];
  readonly #stream: MessageStream | undefined;
  /** Bytes that are recorded as messages. */
  #recorded = 0;
  /** The offset at which the current message begins; pieces of it may already be recorded. */
  #begun = 0;
  readonly #faults = new FrameFaults();
  readonly #incomplete: IncompleteMessage;
  readonly #gap: GapTimer;

  constructor({ config, messageOriented, out }: IncomingOptions) {
    this.#out = out;
    this.#incomplete = new IncompleteMessage(out);
    this.#gap = new GapTimer(out);
    this.framing = messageOriented ? { kind: 'raw' } : config.framing;
    this.badFrame = config.badFrame;
    const { limits } = config;
    if (messageOriented || !('maxMessage' in limits)) return;
    const { maxMessage } = limits;
    this.#maxMessage = maxMessage;
    const streamLimits = { maxMessage, badFrame: config.badFrame };
    this.#stream = new MessageStream(createFramer(config.framing, maxMessage), streamLimits, this.#record);
  }

  /** True where framing has stopped at bytes that do not follow it, until a framing is applied again. */
  get framingStopped(): boolean {
    return this.#stream?.stopped ?? false;
  }

  /** The message whose end has not been received yet, if any. */
  get incomplete(): Incomplete | undefined {
    const stream = this.#stream;
    return stream?.inside ? incompleteOf(this.bytes - this.#begun, stream.claim) : undefined;
  }

  /** True where a message has been incomplete for a second. */
  get overdue(): boolean {
    return this.#incomplete.overdue;
  }

  /** Returns the bytes of the incomplete message, up to `most` of them, and their number. */
  waiting(most: number): { readonly bytes: Uint8Array; readonly length: number } {
    const stream = this.#stream;
    return { bytes: stream?.waiting(most) ?? nothing, length: stream?.pending ?? 0 };
  }

  /** Processes one read, or one message. */
  read(chunk: Uint8Array, flags: number, now: number): void {
    this.bytes += chunk.length;
    if (!this.#stream) {
      this.#record(nothing, chunk, singleBoundary(chunk.length, 0, 0, flags));
      return;
    }
    // With raw framing, each read is already a record.
    if (this.framing.kind !== 'raw') this.#out.push({ kind: 'record-read', length: chunk.length });
    this.#stream.push(chunk, this.#gap.streamTime(now));
    this.#look(this.#stream, now);
  }

  /** Passes sent bytes to the framing: those of an HTTP request determine the boundaries of the answer. */
  sent(bytes: Uint8Array): void {
    this.#stream?.sent(bytes);
  }

  /** Changes how bytes that do not follow the framing are handled; `resynchronise` restarts framing that has stopped. */
  setBadFrame(badFrame: BadFrame, now: number): void {
    if (badFrame === 'resynchronise') {
      this.reframe(this.framing, badFrame, now);
    } else if (this.#stream) {
      this.badFrame = badFrame;
      this.#stream.badFrame = badFrame;
    }
  }

  /**
   * Applies another framing from here on, also to the carry-over. The same framing continues unchanged, unless it has
   * stopped: then it restarts with the next byte. Without `badFrame`, that setting does not change.
   */
  reframe(framing: FramingSpec, badFrame: BadFrame | undefined, now: number): void {
    const stream = this.#stream;
    if (!stream) return;
    this.badFrame = badFrame ?? this.badFrame;
    stream.badFrame = this.badFrame;
    if (!stream.stopped && formatFraming(framing) === formatFraming(this.framing)) return;
    this.framing = framing;
    this.#gap.disarm();
    this.#faults.reset();
    const words = formatFraming(framing);
    this.#out.push(
      { kind: 'describe', framing: words },
      { kind: 'record', event: { kind: 'reframed', framing: words } },
    );
    // The time of an incomplete message restarts.
    this.#incomplete.look(undefined, now);
    stream.reframe(createFramer(framing, this.#maxMessage));
    this.#look(stream, now);
  }

  /** Ends the stream: the carry-over is the last message. */
  end(): void {
    this.#gap.disarm();
    this.#incomplete.end();
    this.#stream?.end();
  }

  /** Stops the time of idle gaps while reading is paused: a pause is not a gap of the peer. */
  stopClock(now: number): void {
    this.#gap.stopClock(now);
  }

  startClock(now: number): void {
    this.#gap.startClock(now);
    if (this.#stream) this.#gap.watch(this.#stream);
  }

  /** Handles the timer of an idle gap. */
  gapOver(now: number): void {
    this.#gap.fired();
    if (!this.#stream) return;
    this.#stream.idle(this.#gap.streamTime(now));
    // A timer may fire a little early.
    this.#look(this.#stream, now);
  }

  /** Handles the timer of an incomplete message. */
  checkOverdue(now: number): void {
    this.#incomplete.check(now);
  }

  #look(stream: MessageStream, now: number): void {
    this.#incomplete.look(stream.inside ? this.#begun : undefined, now);
    this.#gap.watch(stream);
  }

  readonly #record = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
    this.#out.push({ kind: 'record-received', batch: { carryOver, chunk, boundaries } });
    const first = this.#recorded;
    this.#recorded += carryOver.length + (boundaries.ends[boundaries.count - 1] as number);
    this.#begun = endOfWhole(boundaries, first + carryOver.length) ?? this.#begun;
    this.messages += boundaries.count;
    this.#noteFaults(carryOver.length, boundaries, first);
    if (!this.answers) return;
    // Bytes after the framing has stopped are not answered.
    const framed = this.framingStopped ? beforeMalformed(boundaries) : boundaries;
    if (framed.count === 0) return;
    this.#out.push({ kind: 'respond', batch: { carryOver, chunk, boundaries: framed }, framing: this.framing });
  };

  /** Records the framing errors of a batch that begins at byte `first` of the stream, with `carryOverLength` bytes of carry-over. */
  #noteFaults(carryOverLength: number, boundaries: Boundaries, first: number): void {
    const { limited, malformed } = this.#faults.look(carryOverLength, boundaries);
    if (limited) {
      const text = tooLongText(this.#maxMessage, this.#stream?.claim);
      this.#out.push({ kind: 'record', event: { kind: 'limited', limit: 'maxMessage', text } });
    }
    if (malformed.length === 0) return;
    const framing = formatFraming(this.framing);
    for (const { start, text } of malformed) {
      const event = { kind: 'malformed', framing, offset: first + start, text: this.#malformedText(text) } as const;
      this.#out.push({ kind: 'record', event });
    }
  }

  #malformedText(problem: string): string {
    return this.badFrame === 'stop'
      ? `${problem}; the bytes that follow are recorded as reads until a framing is applied again`
      : problem;
  }
}

/** Returns the messages of a batch before the malformed one at which framing stopped; none where it stopped in an earlier batch. */
function beforeMalformed(boundaries: Boundaries): Boundaries {
  const framed = boundaries.copy();
  const first = framed.flags.findIndex((flags) => (flags & messageFlags.malformed) !== 0);
  framed.truncate(Math.max(first, 0));
  return framed;
}

/** Returns the end of the last message of a batch that is not truncated, counted from `start`; `undefined` where all are truncated. */
function endOfWhole({ ends, flags, count }: Boundaries, start: number): number | undefined {
  for (let index = count - 1; index >= 0; index -= 1) {
    if (((flags[index] as number) & messageFlags.truncated) === 0) return start + (ends[index] as number);
  }
  return undefined;
}
