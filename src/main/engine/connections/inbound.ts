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
  /** What comes are messages already: nothing is framed. */
  readonly messageOriented: boolean;
  /** A message has been incomplete for a second. */
  readonly overdue: () => void;
  /** Messages are recorded that the framing yielded: none that came after it stopped. Valid until it returns. */
  readonly took: (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries) => void;
}

/** What one connection has received, to look at. */
export type Received = Readonly<
  Pick<Inbound, 'bytes' | 'messages' | 'framing' | 'badFrame' | 'framingStopped' | 'incomplete' | 'overdue' | 'waiting'>
>;

/** What one connection receives: cut into messages, recorded, and what is wrong with it told once. */
export class Inbound {
  bytes = 0;
  messages = 0;
  readonly #options: InboundOptions;
  readonly #stream: MessageStream | undefined;
  #framing: FramingSpec;
  #badFrame: BadFrame;
  #recordAt = 0;
  /** Bytes that are out as messages. */
  #taken = 0;
  /** Where the message begins that is being read: it may be out in pieces already. */
  #begun = 0;
  readonly #faults = new FrameFaults();
  readonly #incomplete: IncompleteWatch;
  #gap: NodeJS.Timeout | undefined;
  /** How long reading was paused in all, and since when it is: a silence of our own making ends no message. */
  #pausedMs = 0;
  #pausedAt: number | undefined;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#incomplete = new IncompleteWatch(options.overdue);
    const { framing, badFrame, limits } = options.config;
    this.#framing = options.messageOriented ? { kind: 'raw' } : framing;
    this.#badFrame = badFrame;
    if (options.messageOriented) return;
    const { maxMessage } = limits;
    this.#stream = new MessageStream(createFramer(framing, maxMessage), { maxMessage, badFrame }, this.#take);
  }

  get framing(): FramingSpec {
    return this.#framing;
  }

  get badFrame(): BadFrame {
    return this.#badFrame;
  }

  /** The framing has stopped at bytes that do not follow it, until it is chosen anew. */
  get framingStopped(): boolean {
    return this.#stream?.stopped ?? false;
  }

  /** The message whose end has not come yet, where there is one. */
  get incomplete(): Incomplete | undefined {
    const stream = this.#stream;
    return stream?.inside ? incompleteOf(this.bytes - this.#begun, stream.claim) : undefined;
  }

  /** Returns the first bytes that wait for the end of their message, `most` at most, and how many wait. */
  waiting(most: number): { readonly bytes: Uint8Array; readonly length: number } {
    const stream = this.#stream;
    return { bytes: stream?.waiting(most) ?? nothing, length: stream?.pending ?? 0 };
  }

  /** True where that is so for a second. */
  get overdue(): boolean {
    return this.#incomplete.overdue;
  }

  /** Takes one read, or one message. */
  receive(chunk: Uint8Array, flags: number): void {
    const { log, lifecycle } = this.#options;
    this.bytes += chunk.length;
    this.#recordAt = now();
    if (!this.#stream) {
      this.#take(nothing, chunk, singleBoundary(chunk.length, 0, 0, flags));
      return;
    }
    // Under raw framing each read is a record of its own.
    if (this.#framing.kind !== 'raw') log.read(lifecycle.id, this.#recordAt, chunk.length);
    this.#stream.push(chunk, this.#streamTime(this.#recordAt));
    this.#lookForIncomplete(this.#stream);
    this.#watchGap(this.#stream);
  }

  /** What was sent the other way, where that tells how to cut what comes (HTTP). */
  sent(bytes: Uint8Array): void {
    this.#stream?.sent(bytes);
  }

  /** Does otherwise with bytes that do not follow the framing; one that has stopped goes on, if it is to. */
  setBadFrame(badFrame: BadFrame): void {
    if (badFrame === 'resynchronise') {
      this.reframe(this.#framing, badFrame);
    } else if (this.#stream) {
      this.#badFrame = badFrame;
      this.#stream.badFrame = badFrame;
    }
  }

  /**
   * Cuts otherwise from here on; what waits for the end of its message is cut anew. The same framing goes on as it is,
   * unless it has stopped: then it begins again with the next byte.
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
    // Its second begins again.
    this.#incomplete.look(undefined);
    this.#recordAt = now();
    this.#stream.reframe(createFramer(framing, this.#options.config.limits.maxMessage));
    this.#lookForIncomplete(this.#stream);
    this.#watchGap(this.#stream);
  }

  /** The stream has ended: what is left is the last message. */
  end(): void {
    clearTimeout(this.#gap);
    this.#incomplete.end();
    // Its bytes may have come long before: a record has the time at which it is recorded, its reads have theirs.
    this.#recordAt = now();
    this.#stream?.end();
  }

  readonly #take = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
    const { log, lifecycle, took } = this.#options;
    log.messages(lifecycle.id, 'in', this.#recordAt, carryOver, chunk, boundaries);
    const first = this.#taken;
    this.#taken += carryOver.length + (boundaries.ends[boundaries.count - 1] as number);
    this.#begun = endOfWhole(boundaries, first + carryOver.length) ?? this.#begun;
    this.messages += boundaries.count;
    this.#noteFaults(carryOver.length, boundaries, first);
    const framed = this.framingStopped ? beforeMalformed(boundaries) : boundaries;
    if (framed.count > 0) took(carryOver, chunk, framed);
  };

  #lookForIncomplete(stream: MessageStream): void {
    this.#incomplete.look(stream.inside ? this.#begun : undefined);
  }

  /** Tells what is wrong with the messages of a run that begins at byte `first` of what was received. */
  #noteFaults(carryOver: number, boundaries: Boundaries, first: number): void {
    const { lifecycle, config } = this.#options;
    const { limited, malformed } = this.#faults.look(carryOver, boundaries);
    if (limited) {
      const text = tooLongText(config.limits.maxMessage, this.#stream?.claim);
      lifecycle.emit({ kind: 'limited', limit: 'maxMessage', text });
    }
    if (malformed.length === 0) return;
    const framing = formatFraming(this.#framing);
    for (const { start, text } of malformed) {
      lifecycle.emit({ kind: 'malformed', framing, offset: first + start, text: this.#wrong(text) });
    }
  }

  #wrong(said: string): string {
    return this.#badFrame === 'stop'
      ? `${said}; what follows is recorded as it is read, until the framing is changed or begun again`
      : said;
  }

  /** Reading is paused: the time of idle gaps stands still. */
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

  /** The time `at` without that in which reading was paused. */
  #streamTime(at: number): number {
    return Math.min(at, this.#pausedAt ?? at) - this.#pausedMs;
  }

  /** Where a silence ends a message, somebody has to notice it. */
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
        this.#lookForIncomplete(stream);
        // A timer may be a little early.
        this.#watchGap(stream);
      }, gapMs);
    }
  }
}

/** The messages of a run before the malformed one at which the framing stopped; none where it stopped in an earlier run. */
function beforeMalformed(boundaries: Boundaries): Boundaries {
  const framed = boundaries.copy();
  const first = framed.flags.findIndex((flags) => (flags & messageFlags.malformed) !== 0);
  framed.truncate(Math.max(first, 0));
  return framed;
}

/** Where the last message of a run ends that is not cut by the limit, counted from `start`; `undefined` where all are. */
function endOfWhole({ ends, flags, count }: Boundaries, start: number): number | undefined {
  for (let index = count - 1; index >= 0; index -= 1) {
    if (((flags[index] as number) & messageFlags.truncated) === 0) return start + (ends[index] as number);
  }
  return undefined;
}
