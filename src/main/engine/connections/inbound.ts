import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { FrameFaults, tooLongText } from '#shared/framing/frame-faults.ts';
import { type Incomplete, incompleteOf } from '#shared/framing/incomplete.ts';
import { createFramer } from '#shared/framing/list.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import { type BadFrame, formatFraming } from '#shared/framing/spec.ts';
import { type Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { LogSink } from '#shared/record/log-sink.ts';
import { now } from '../clock.ts';
import { IncompleteWatch } from './incomplete-watch.ts';
import type { Lifecycle } from './lifecycle.ts';

const nothing = new Uint8Array(0);

interface InboundOptions {
  readonly log: LogSink;
  readonly lifecycle: Lifecycle;
  readonly config: Pick<EndpointConfig, 'framing' | 'badFrame' | 'limits'>;
  /** The transport carries messages: nothing is framed. */
  readonly messageOriented: boolean;
  /** Called when a message has been incomplete for a second. */
  readonly overdue: () => void;
  /** Called with the recorded messages that framing yielded, not with bytes after it stopped. Valid until it returns. */
  readonly received: (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries) => void;
}

/** The received bytes and messages of one connection, read-only. */
export type Received = Readonly<
  Pick<Inbound, 'bytes' | 'messages' | 'framing' | 'badFrame' | 'framingStopped' | 'incomplete' | 'overdue' | 'waiting'>
>;

/** The receiving side of a connection: splits the bytes into messages, records them, and reports each framing error once. */
export class Inbound {
  bytes = 0;
  messages = 0;
  readonly #options: InboundOptions;
  readonly #stream: MessageStream | undefined;
  #framing: FramingSpec;
  #badFrame: BadFrame;
  #recordAt = 0;
  /** Bytes that are recorded as messages. */
  #recorded = 0;
  /** The offset at which the current message begins; pieces of it may already be recorded. */
  #begun = 0;
  readonly #faults = new FrameFaults();
  readonly #incomplete: IncompleteWatch;
  #gap: NodeJS.Timeout | undefined;
  /** The longest message that framing waits for; without framing, 0. Bytes. */
  readonly #maxMessage: number = 0;
  /** The total time of pauses, and the start of the current one: a gap during a pause ends no message. */
  #pausedMs = 0;
  #pausedAt: number | undefined;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#incomplete = new IncompleteWatch(options.overdue);
    const { framing, badFrame, limits } = options.config;
    this.#framing = options.messageOriented ? { kind: 'raw' } : framing;
    this.#badFrame = badFrame;
    if (options.messageOriented || !('maxMessage' in limits)) return;
    const { maxMessage } = limits;
    this.#maxMessage = maxMessage;
    this.#stream = new MessageStream(createFramer(framing, maxMessage), { maxMessage, badFrame }, this.#record);
  }

  get framing(): FramingSpec {
    return this.#framing;
  }

  get badFrame(): BadFrame {
    return this.#badFrame;
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

  /** Returns the bytes of the incomplete message, up to `most` of them, and their number. */
  waiting(most: number): { readonly bytes: Uint8Array; readonly length: number } {
    const stream = this.#stream;
    return { bytes: stream?.waiting(most) ?? nothing, length: stream?.pending ?? 0 };
  }

  /** True where a message has been incomplete for a second. */
  get overdue(): boolean {
    return this.#incomplete.overdue;
  }

  /** Processes one read, or one message. */
  receive(chunk: Uint8Array, flags: number): void {
    const { log, lifecycle } = this.#options;
    this.bytes += chunk.length;
    this.#recordAt = now();
    if (!this.#stream) {
      this.#record(nothing, chunk, singleBoundary(chunk.length, 0, 0, flags));
      return;
    }
    // With raw framing, each read is already a record.
    if (this.#framing.kind !== 'raw') log.read(lifecycle.id, this.#recordAt, chunk.length);
    this.#stream.push(chunk, this.#streamTime(this.#recordAt));
    this.#checkIncomplete(this.#stream);
    this.#watchGap(this.#stream);
  }

  /** Passes sent bytes to the framing: those of an HTTP request determine the boundaries of the answer. */
  sent(bytes: Uint8Array): void {
    this.#stream?.sent(bytes);
  }

  /** Changes how bytes that do not follow the framing are handled; `resynchronise` restarts framing that has stopped. */
  setBadFrame(badFrame: BadFrame): void {
    if (badFrame === 'resynchronise') {
      this.reframe(this.#framing, badFrame);
    } else if (this.#stream) {
      this.#badFrame = badFrame;
      this.#stream.badFrame = badFrame;
    }
  }

  /**
   * Applies another framing from here on, also to the carry-over. The same framing continues unchanged, unless it has
   * stopped: then it restarts with the next byte.
   */
  reframe(framing: FramingSpec, badFrame: BadFrame): void {
    if (!this.#stream) return;
    this.#badFrame = badFrame;
    this.#stream.badFrame = badFrame;
    if (!this.#stream.stopped && formatFraming(framing) === formatFraming(this.#framing)) return;
    this.#framing = framing;
    clearTimeout(this.#gap);
    this.#gap = undefined;
    this.#faults.reset();
    const { lifecycle } = this.#options;
    lifecycle.describe({ framing: formatFraming(framing) });
    lifecycle.emit({ kind: 'reframed', framing: formatFraming(framing) });
    // The time of an incomplete message restarts.
    this.#incomplete.look(undefined);
    this.#recordAt = now();
    this.#stream.reframe(createFramer(framing, this.#maxMessage));
    this.#checkIncomplete(this.#stream);
    this.#watchGap(this.#stream);
  }

  /** Ends the stream: the carry-over is the last message. */
  end(): void {
    clearTimeout(this.#gap);
    this.#incomplete.end();
    // The bytes may have been received long before: a record has the time of its recording, its reads have their times.
    this.#recordAt = now();
    this.#stream?.end();
  }

  readonly #record = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
    const { log, lifecycle, received } = this.#options;
    log.messages(lifecycle.id, 'in', this.#recordAt, carryOver, chunk, boundaries);
    const first = this.#recorded;
    this.#recorded += carryOver.length + (boundaries.ends[boundaries.count - 1] as number);
    this.#begun = endOfWhole(boundaries, first + carryOver.length) ?? this.#begun;
    this.messages += boundaries.count;
    this.#noteFaults(carryOver.length, boundaries, first);
    const framed = this.framingStopped ? beforeMalformed(boundaries) : boundaries;
    if (framed.count > 0) received(carryOver, chunk, framed);
  };

  #checkIncomplete(stream: MessageStream): void {
    this.#incomplete.look(stream.inside ? this.#begun : undefined);
  }

  /** Records the framing errors of a batch that begins at byte `first` of the stream, with `carryOverLength` bytes of carry-over. */
  #noteFaults(carryOverLength: number, boundaries: Boundaries, first: number): void {
    const { lifecycle } = this.#options;
    const { limited, malformed } = this.#faults.look(carryOverLength, boundaries);
    if (limited) {
      const text = tooLongText(this.#maxMessage, this.#stream?.claim);
      lifecycle.emit({ kind: 'limited', limit: 'maxMessage', text });
    }
    if (malformed.length === 0) return;
    const framing = formatFraming(this.#framing);
    for (const { start, text } of malformed) {
      lifecycle.emit({ kind: 'malformed', framing, offset: first + start, text: this.#malformedText(text) });
    }
  }

  #malformedText(problem: string): string {
    return this.#badFrame === 'stop'
      ? `${problem}; the bytes that follow are recorded as reads until a framing is applied again`
      : problem;
  }

  /** Stops the time of idle gaps while reading is paused. */
  stopClock(): void {
    this.#pausedAt ??= now();
    clearTimeout(this.#gap);
    this.#gap = undefined;
  }

  startClock(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += now() - this.#pausedAt;
    this.#pausedAt = undefined;
    if (this.#stream) this.#watchGap(this.#stream);
  }

  /** Returns the time `at` minus the time of pauses. */
  #streamTime(at: number): number {
    return Math.min(at, this.#pausedAt ?? at) - this.#pausedMs;
  }

  /** Arms the timer of a framing in which an idle gap ends a message. */
  #watchGap(stream: MessageStream): void {
    const { gapMs } = stream;
    if (gapMs === undefined || this.#pausedAt !== undefined) return;
    if (stream.pending === 0) {
      clearTimeout(this.#gap);
      this.#gap = undefined;
    } else if (this.#gap) {
      this.#gap.refresh();
    } else {
      this.#gap = setTimeout(() => {
        this.#gap = undefined;
        this.#recordAt = now();
        stream.idle(this.#streamTime(this.#recordAt));
        this.#checkIncomplete(stream);
        // A timer may fire a little early.
        this.#watchGap(stream);
      }, gapMs);
    }
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
