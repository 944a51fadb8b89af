import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { FrameFaults, tooLongText } from '#shared/framing/frame-faults.ts';
import { createFramer } from '#shared/framing/list.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import { formatFraming } from '#shared/framing/spec.ts';
import { type Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import type { Mark } from '#shared/record/marks.ts';
import type { SessionWriter, StreamOf } from '../exports/session-writer.ts';
import type { MovedMarks } from './moved-marks.ts';

/** The longest message, as where an endpoint has no limit of its own. */
export const maxMessage = 16 * 1_048_576;

const none = new Uint8Array(0);

/** Where the messages of reframed streams go. */
export interface ReframeTarget {
  readonly writer: SessionWriter;
  readonly marks: MovedMarks;
  readonly framing: FramingSpec;
}

/** One direction of one socket, cut anew as it is pushed. */
export class ReframedStream {
  readonly #target: ReframeTarget;
  readonly #of: StreamOf;
  readonly #stream: MessageStream;
  readonly #faults = new FrameFaults();
  /** Where in the stream the next bytes lie, and where the message begins that they go on with. */
  #next = 0;
  #begun = 0;
  #at = 0;
  /** Bytes are missing in the next message, or may be. */
  #lacksBytes = false;
  /** How many of the bytes that come next belong to a message in which bytes are missing. */
  #rest = 0;
  /** Marks of old records, by the byte where those began. */
  #marks: { readonly offset: number; readonly mark: Mark }[] = [];

  constructor(target: ReframeTarget, of: StreamOf) {
    this.#target = target;
    this.#of = of;
    const options = { maxMessage, badFrame: 'resynchronise' } as const;
    this.#stream = new MessageStream(createFramer(target.framing, maxMessage), options, this.#take);
  }

  /** When what waits is a message because nothing came for so long; infinity where nothing waits for that. */
  get dueAt(): number {
    const { gapMs, pending } = this.#stream;
    return gapMs === undefined || pending === 0 ? Number.POSITIVE_INFINITY : this.#at + gapMs;
  }

  /** Where the bytes that come next lie in the stream. */
  get next(): number {
    return this.#next;
  }

  /**
   * What comes next begins at `offset`. Where bytes are missing before it, the message that waits ends there and is
   * marked as incomplete. The next message begins where that one would have ended, if it says how long it is; otherwise at
   * `offset`, and it is marked too, for its start may be missing.
   */
  meet(offset: number): void {
    if (offset === this.#next) return;
    const isFramed = this.#target.framing.kind !== 'raw';
    const unseen = this.#rest + this.#stream.missing - Math.max(0, offset - this.#next);
    const isKnown = this.#rest + this.#stream.missing > 0 && unseen >= 0 && unseen <= maxMessage;
    this.#lacksBytes = isFramed;
    this.end();
    this.#lacksBytes = isFramed && !isKnown;
    this.#rest = isKnown ? unseen : 0;
    this.#next = offset;
    this.#begun = offset;
  }

  /** Takes the next bytes, which came at `at`, milliseconds since the epoch. */
  push(chunk: Uint8Array, at: number): void {
    if (at >= this.dueAt) this.#stream.idle(at);
    this.#at = at;
    this.#next += chunk.length;
    const rest = Math.min(this.#rest, chunk.length);
    if (rest > 0) {
      this.#rest -= rest;
      this.#take(none, chunk.subarray(0, rest), singleBoundary(rest, 0, 0, messageFlags.incomplete));
    }
    this.#stream.push(rest === 0 ? chunk : chunk.subarray(rest), at);
  }

  /** What went the other way on the same connection. */
  sent(chunk: Uint8Array): void {
    this.#stream.sent(chunk);
  }

  idle(at: number): void {
    this.#stream.idle(at);
  }

  /** Bytes up to `end` are out, in a record that was copied as it is. */
  passTo(end: number, seq: number): void {
    this.#next = end;
    this.#begun = end;
    this.#settle(Number.POSITIVE_INFINITY, seq);
  }

  end(): void {
    this.#stream.end();
    // Nothing covers what they were at: the next record is the nearest.
    this.#settle(Number.POSITIVE_INFINITY, this.#target.writer.next);
  }

  /** A mark of the old record that began at `offset`: it goes to the message that has this byte. */
  mark(offset: number, mark: Mark): void {
    this.#marks.push({ offset, mark });
  }

  readonly #take = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
    const { writer } = this.#target;
    const first = writer.next;
    const begun = this.#begun;
    if (this.#lacksBytes) boundaries.flags[0] = (boundaries.flags[0] as number) | messageFlags.incomplete;
    this.#lacksBytes = false;
    writer.messages(this.#of, this.#at, begun, carryOver, chunk, boundaries);
    this.#begun = begun + carryOver.length + (boundaries.ends[boundaries.count - 1] as number);
    for (let index = 0; index < boundaries.count && this.#marks.length > 0; index += 1) {
      this.#settle(begun + carryOver.length + (boundaries.ends[index] as number), first + index);
    }
    this.#tell(carryOver.length, boundaries, begun);
  };

  /** Records what is wrong with the messages, of both directions. */
  #tell(carryOver: number, boundaries: Boundaries, begun: number): void {
    const { writer, framing } = this.#target;
    const { socket, direction } = this.#of;
    const { limited, malformed } = this.#faults.look(carryOver, boundaries);
    if (limited) {
      const text = tooLongText(maxMessage, this.#stream.claim);
      writer.event(socket, this.#at, { kind: 'limited', limit: 'maxMessage', text });
    }
    const way = direction === 'out' ? ({ way: 'sent' } as const) : undefined;
    for (const { start, text } of malformed) {
      const offset = begun + start;
      writer.event(socket, this.#at, { kind: 'malformed', framing: formatFraming(framing), offset, text, ...way });
    }
  }

  /** The marks before byte `end` go to record `seq`. */
  #settle(end: number, seq: number): void {
    if (this.#marks.length === 0) return;
    const waiting = this.#marks;
    this.#marks = [];
    for (const waits of waiting) {
      if (waits.offset < end) this.#target.marks.move(waits.mark, seq);
      else this.#marks.push(waits);
    }
  }
}
