import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { FrameFaults, tooLongText } from '#shared/framing/frame-faults.ts';
import { MessageStream } from '#shared/framing/message-stream.ts';
import { createFramer, formatFraming } from '#shared/framing/spec.ts';
import { type Boundaries, singleBoundary } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { type Mark, maxNoteLength } from '#shared/record/record.ts';
import type { SessionWriter, StreamOf } from '../export/session-writer.ts';

/** The maximum message size: as for an endpoint without a limit. */
export const maxMessage = 16 * 1_048_576;

const none = new Uint8Array(0);

/** Where the messages of re-framed streams are written. */
export interface ReframeTarget {
  readonly writer: SessionWriter;
  readonly marks: MovedMarks;
  readonly framing: FramingSpec;
}

/** One direction of one socket, re-framed as its bytes are pushed. */
export class ReframedStream {
  readonly #target: ReframeTarget;
  readonly #of: StreamOf;
  readonly #stream: MessageStream;
  readonly #faults = new FrameFaults();
  /** The offset of the next bytes in the stream, and of the start of the message that they continue. */
  #next = 0;
  #begun = 0;
  #at = 0;
  /** Bytes are missing in the next message, or may be. */
  #lacksBytes = false;
  /** How many of the next bytes belong to a message in which bytes are missing. */
  #rest = 0;
  /** The marks of old records, by the offset at which those began. */
  #marks: { readonly offset: number; readonly mark: Mark }[] = [];

  constructor(target: ReframeTarget, of: StreamOf) {
    this.#target = target;
    this.#of = of;
    const options = { maxMessage, badFrame: 'resynchronise' } as const;
    this.#stream = new MessageStream(createFramer(target.framing, maxMessage), options, this.#recordMessages);
  }

  /** The time at which the waiting bytes become a message because of the idle gap; infinity if none wait for that. */
  get dueAt(): number {
    const { gapMs, pending } = this.#stream;
    return gapMs === undefined || pending === 0 ? Number.POSITIVE_INFINITY : this.#at + gapMs;
  }

  /** The offset of the next bytes in the stream. */
  get next(): number {
    return this.#next;
  }

  /**
   * Notes that the next bytes begin at `offset`. If bytes are missing before it, the waiting message ends there, marked as
   * incomplete. The next message begins where that one would have ended, if it states its length; otherwise at
   * `offset`, and is marked as well, because its start may be missing.
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

  /** Processes the next bytes, received at `at`, milliseconds since the epoch. */
  push(chunk: Uint8Array, at: number): void {
    if (at >= this.dueAt) this.#stream.idle(at);
    this.#at = at;
    this.#next += chunk.length;
    const rest = Math.min(this.#rest, chunk.length);
    if (rest > 0) {
      this.#rest -= rest;
      this.#recordMessages(none, chunk.subarray(0, rest), singleBoundary(rest, 0, 0, messageFlags.incomplete));
    }
    this.#stream.push(rest === 0 ? chunk : chunk.subarray(rest), at);
  }

  /** Processes bytes of the other direction of the connection. */
  sent(chunk: Uint8Array): void {
    this.#stream.sent(chunk);
  }

  idle(at: number): void {
    this.#stream.idle(at);
  }

  /** Notes that the bytes up to `end` were written, in a record that was copied. */
  passTo(end: number, seq: number): void {
    this.#next = end;
    this.#begun = end;
    this.#settle(Number.POSITIVE_INFINITY, seq);
  }

  end(): void {
    this.#stream.end();
    // No message contains their bytes: the next record is the nearest.
    this.#settle(Number.POSITIVE_INFINITY, this.#target.writer.next);
  }

  /** Moves a mark of the old record that began at `offset` to the message that contains this byte. */
  mark(offset: number, mark: Mark): void {
    this.#marks.push({ offset, mark });
  }

  readonly #recordMessages = (carryOver: Uint8Array, chunk: Uint8Array, boundaries: Boundaries): void => {
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
    this.#recordFaults(carryOver.length, boundaries, begun);
  };

  /** Records what is wrong with the messages, of either direction. */
  #recordFaults(carryOver: number, boundaries: Boundaries, begun: number): void {
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

  /** Moves the marks before byte `end` to record `seq`. */
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

/** Moves the marks of a session to the records of another one. Marks that move to the same record are merged. */
export class MovedMarks {
  readonly #moved = new Map<number, Mark>();

  move({ bookmarked, note }: Mark, seq: number): void {
    const there = this.#moved.get(seq);
    const notes = [there?.note, note].filter(Boolean).join('\n').slice(0, maxNoteLength);
    this.#moved.set(seq, { seq, bookmarked: bookmarked || there?.bookmarked === true, note: notes });
  }

  /** Returns all marks; those whose record does not exist are on the last of the `total` records. */
  all(total: number): Mark[] {
    for (const [seq, mark] of this.#moved) {
      if (seq < total) continue;
      this.#moved.delete(seq);
      if (total > 0) this.move(mark, total - 1);
    }
    return [...this.#moved.values()];
  }
}
