import type { Batch } from '#shared/message/boundaries.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { AnswerBacklog, isLoaded, type QueuedSend, sizeOf } from './sends.ts';
import type { Command } from './step.ts';

/** Bytes are passed to the kernel in pieces of this size, so that the progress of a failed send is known. */
const pieceBytes = 262_144;
interface QueueOptions {
  /** Each message of a batch is written separately. */
  readonly messageOriented: boolean;
  /** Gets the commands. */
  readonly out: Command[];
  /** Gets the bytes that are recorded as sent. */
  readonly framing: { sent(bytes: Uint8Array): void };
}

/** The sent and the queued bytes of one connection, read-only. */
export type SentSoFar = Readonly<Pick<SendQueue, 'bytes' | 'messages' | 'queued'>>;

/** The send queue of one socket: first in, first out, one write in flight. Times in milliseconds. */
export class SendQueue {
  /** Bytes that the kernel has accepted, and the recorded messages of them. */
  bytes = 0;
  messages = 0;
  /** Bytes that are queued. Those of a file count once they are read. */
  queued = 0;
  readonly #options: QueueOptions;
  readonly #out: Command[];
  readonly #sends: QueuedSend[] = [];
  #started = false;
  /** Nothing is written any more. */
  #stopped = false;
  #batch: Batch | undefined;
  /** With separate messages: the index of the batch's next message. */
  #message = 0;
  /** Bytes of the current batch, and of the current send, that the kernel has accepted. */
  #batchSent = 0;
  #currentSent = 0;
  /** A message of the current send was rejected: the send is not complete, and these bytes of it are not sent. */
  #refused = false;
  #dropped = 0;
  #writing = false;
  /** The size of the next piece, or of the write in flight. */
  #piece = 0;
  #paceArmed = false;
  /** The current send, where it is cancelled and ends with the write in flight. */
  #cancelled: QueuedSend | undefined;
  readonly #answers = new AnswerBacklog();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#out = options.out;
  }

  get idle(): boolean {
    return this.#sends.length === 0;
  }

  /** As `full` of the backlog of answers. */
  get answersFull(): boolean | undefined {
    return this.#answers.full;
  }

  /** Starts to write; until then, sends wait in the queue. */
  release(now: number): void {
    this.#started = true;
    this.#advance(now);
  }

  /** Starts no write any more. The write in flight is still recorded if the kernel accepts it; the rest ends with `end`. */
  stop(): void {
    this.#stopped = true;
    this.#disarm();
  }

  push(send: QueuedSend, now: number): void {
    this.queued += sizeOf(send);
    this.#answers.add(send);
    this.#sends.push(send);
    if (this.#sends.length === 1) this.#advance(now);
  }

  /** Takes the next batch of a send that was loaded: `undefined` at its end, and where it is not available (`failed`). */
  loaded(send: QueuedSend, batch: Batch | undefined, failed: boolean, now: number): void {
    if (this.#sends[0] !== send) return;
    if (batch) {
      this.queued += batch.bytes.length;
      this.#begin(batch);
    } else {
      this.#finish(send, !failed && !this.#refused);
    }
    this.#advance(now);
  }

  /** The kernel has accepted the write in flight, or will not accept it. */
  written(accepted: boolean, now: number): void {
    const { messageOriented } = this.#options;
    // It is not known how many bytes of a failed write were accepted: `end` returns them as in flight.
    this.#writing = !accepted && !messageOriented;
    const batch = this.#batch;
    const send = this.#sends[0];
    if (!batch || !send) return;
    if (!accepted) {
      // A stream has ended; of separate messages, only this one is not sent.
      if (messageOriented && this.#cancelled === send) this.#giveUp(send);
      else if (messageOriented) this.#refuse(batch);
      if (messageOriented) this.#advance(now);
      return;
    }
    const length = this.#piece;
    this.#batchSent += length;
    this.#currentSent += length;
    this.queued -= length;
    this.bytes += length;
    this.#message += 1;
    if (send.moved) this.#out.push({ kind: 'progress', send, sent: this.#currentSent });
    if (this.#cancelled === send) {
      this.#giveUp(send);
    } else if (messageOriented ? this.#message >= batch.boundaries.count : this.#batchSent >= batch.bytes.length) {
      this.#batch = undefined;
      this.#record(batch, batch.bytes.length);
    }
    this.#advance(now);
  }

  /** The next piece of a paced message is due. */
  paceDue(): void {
    this.#paceArmed = false;
    if (this.#batch && !this.#stopped) this.#write(this.#batch);
  }

  /** Ends a send; the write in flight is still sent, and recorded as sent. */
  cancel(send: QueuedSend, now: number): void {
    const at = this.#sends.indexOf(send);
    if (at < 0) return;
    if (at === 0 && this.#writing) {
      this.#cancelled = send;
    } else if (at === 0 && this.#started) {
      this.#giveUp(send);
      this.#advance(now);
    } else {
      this.#sends.splice(at, 1);
      this.queued -= sizeOf(send);
      this.#settle(send, 0, false);
    }
  }

  /** Ends all sends of a closed socket with the number of bytes that were sent. Returns the bytes of the write in flight. */
  end(): number {
    const inFlight = this.#writing ? this.#piece : 0;
    this.#disarm();
    this.#settleBatch();
    this.queued = 0;
    const sends = this.#sends.splice(0);
    for (const [index, send] of sends.entries()) this.#settle(send, index === 0 ? this.#currentSent : 0, false);
    return inFlight;
  }

  /** Continues until the first send waits: for the kernel, for a batch that is loaded, or for its pace. */
  #advance(now: number): void {
    while (this.#started) {
      const send = this.#sends[0];
      if (!send) return;
      if (this.#batch) {
        if (!this.#stopped) this.#nextPiece(send, this.#batch, now);
        return;
      }
      if (isLoaded(send.batches)) {
        if (!this.#stopped) this.#out.push({ kind: 'load', send });
        return;
      }
      const next = send.batches.next();
      if (next) this.#begin(next);
      else this.#finish(send, !this.#refused);
    }
  }

  #begin(batch: Batch): void {
    this.#batch = batch;
    this.#batchSent = 0;
    this.#message = 0;
  }

  #nextPiece(send: QueuedSend, batch: Batch, now: number): void {
    if (this.#writing || this.#paceArmed) return;
    const { messageOriented } = this.#options;
    const end = messageOriented ? (batch.boundaries.ends[this.#message] as number) : batch.bytes.length;
    const left = end - this.#batchSent;
    const { bytes, waitMs } = send.pacer?.next(this.#currentSent, left, now) ?? { bytes: left, waitMs: 0 };
    // A separate message is not split, even at a low rate.
    this.#piece = messageOriented ? left : Math.min(bytes, pieceBytes);
    if (waitMs < 1) {
      this.#write(batch);
    } else {
      this.#paceArmed = true;
      this.#out.push({ kind: 'arm', timer: 'pace-due', ms: waitMs });
    }
  }

  #write({ bytes }: Batch): void {
    const from = this.#batchSent;
    const whole = from === 0 && this.#piece === bytes.length;
    this.#writing = true;
    this.#out.push({ kind: 'write', bytes: whole ? bytes : bytes.subarray(from, from + this.#piece) });
  }

  /** Handles a rejected message: records the sent part of the batch, and drops the rest. */
  #refuse(batch: Batch): void {
    const dropped = batch.bytes.length - this.#batchSent;
    this.#refused = true;
    this.#dropped += dropped;
    this.queued -= dropped;
    this.#settleBatch();
  }

  #giveUp(send: QueuedSend): void {
    this.#disarm();
    this.#cancelled = undefined;
    const size = sizeOf(send);
    const ofBatch = this.#batch ? this.#batch.bytes.length - this.#batchSent : 0;
    this.queued -= size > 0 ? size - this.#currentSent - this.#dropped : ofBatch;
    this.#settleBatch();
    this.#finish(send, size > 0 && this.#currentSent === size);
  }

  /** Records the sent part of the current batch. */
  #settleBatch(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch && this.#batchSent > 0) this.#record(batch, this.#batchSent);
  }

  #record(batch: Batch, sent: number): void {
    const whole = sent === batch.bytes.length;
    const bytes = whole ? batch.bytes : batch.bytes.subarray(0, sent);
    const boundaries = whole ? batch.boundaries : batch.boundaries.upTo(sent, messageFlags.incomplete);
    this.#out.push({ kind: 'record-sent', batch: whole ? batch : { bytes, boundaries } });
    this.messages += boundaries.count;
    this.#options.framing.sent(bytes);
  }

  #finish(send: QueuedSend, complete: boolean): void {
    this.#sends.shift();
    this.#settle(send, this.#currentSent, complete);
    this.#currentSent = 0;
    this.#refused = false;
    this.#dropped = 0;
  }

  #settle(send: QueuedSend, sent: number, complete: boolean): void {
    this.#answers.remove(send);
    this.#out.push({ kind: 'settle', send, sent, complete });
  }

  #disarm(): void {
    if (this.#paceArmed) this.#out.push({ kind: 'disarm', timer: 'pace-due' });
    this.#paceArmed = false;
  }
}
