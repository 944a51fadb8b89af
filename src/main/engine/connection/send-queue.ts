import type { Batch } from '#shared/message/batch.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { AnswerBacklog } from './answer-backlog.ts';
import type { Command } from './command.ts';
import { isLoaded, type Job, sizeOf } from './job.ts';

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
  readonly #jobs: Job[] = [];
  #started = false;
  #batch: Batch | undefined;
  /** With separate messages: the index of the batch's next message. */
  #message = 0;
  /** Bytes of the current batch, and of the current job, that the kernel has accepted. */
  #batchSent = 0;
  #jobSent = 0;
  /** A message of the current job was rejected: the job is not complete, and these bytes of it are not sent. */
  #refused = false;
  #dropped = 0;
  #writing = false;
  /** The size of the next piece, or of the write in flight. */
  #piece = 0;
  #paceArmed = false;
  /** The current job, where it is cancelled and ends with the write in flight. */
  #cancelled: Job | undefined;
  readonly #answers = new AnswerBacklog();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#out = options.out;
  }

  get idle(): boolean {
    return this.#jobs.length === 0;
  }

  /** As `full` of the backlog of answers. */
  get answersFull(): boolean | undefined {
    return this.#answers.full;
  }

  /** Starts sending; until then, jobs are queued. */
  release(now: number): void {
    this.#started = true;
    this.#advance(now);
  }

  push(job: Job, now: number): void {
    this.queued += sizeOf(job);
    this.#answers.add(job);
    this.#jobs.push(job);
    if (this.#jobs.length === 1) this.#advance(now);
  }

  /** Takes the next batch of a job that was loaded: `undefined` at its end, and where it is not available (`failed`). */
  loaded(job: Job, batch: Batch | undefined, failed: boolean, now: number): void {
    if (this.#jobs[0] !== job) return;
    if (batch) {
      this.queued += batch.bytes.length;
      this.#begin(batch);
    } else {
      this.#finish(job, !failed && !this.#refused);
    }
    this.#advance(now);
  }

  /** The kernel has accepted the write in flight, or will not accept it. */
  written(accepted: boolean, now: number): void {
    const { messageOriented } = this.#options;
    // It is not known how many bytes of a failed write were accepted: `end` returns them as in flight.
    this.#writing = !accepted && !messageOriented;
    const batch = this.#batch;
    const job = this.#jobs[0];
    if (!batch || !job) return;
    if (!accepted) {
      // A stream has ended; of separate messages, only this one is not sent.
      if (messageOriented && this.#cancelled === job) this.#giveUp(job);
      else if (messageOriented) this.#refuse(batch);
      if (messageOriented) this.#advance(now);
      return;
    }
    const length = this.#piece;
    this.#batchSent += length;
    this.#jobSent += length;
    this.queued -= length;
    this.bytes += length;
    this.#message += 1;
    if (job.moved) this.#out.push({ kind: 'progress', job, sent: this.#jobSent });
    if (this.#cancelled === job) {
      this.#giveUp(job);
    } else if (messageOriented ? this.#message >= batch.boundaries.count : this.#batchSent >= batch.bytes.length) {
      this.#batch = undefined;
      this.#record(batch, batch.bytes.length);
    }
    this.#advance(now);
  }

  /** The next piece of a paced message is due. */
  paceDue(): void {
    this.#paceArmed = false;
    if (this.#batch) this.#write(this.#batch);
  }

  /** Ends a job; the write in flight is still sent, and recorded as sent. */
  cancel(job: Job, now: number): void {
    const at = this.#jobs.indexOf(job);
    if (at < 0) return;
    if (at === 0 && this.#writing) {
      this.#cancelled = job;
    } else if (at === 0 && this.#started) {
      this.#giveUp(job);
      this.#advance(now);
    } else {
      this.#jobs.splice(at, 1);
      this.queued -= sizeOf(job);
      this.#settle(job, 0, false);
    }
  }

  /** Ends all jobs of a closed socket with the number of bytes that were sent. Returns the bytes of the write in flight. */
  end(): number {
    const inFlight = this.#writing ? this.#piece : 0;
    this.#disarm();
    this.#settleBatch();
    this.queued = 0;
    const jobs = this.#jobs.splice(0);
    for (const [index, job] of jobs.entries()) this.#settle(job, index === 0 ? this.#jobSent : 0, false);
    return inFlight;
  }

  /** Continues until the first job waits: for the kernel, for a batch that is loaded, or for its pace. */
  #advance(now: number): void {
    while (this.#started) {
      const job = this.#jobs[0];
      if (!job) return;
      if (this.#batch) {
        this.#nextPiece(job, this.#batch, now);
        return;
      }
      if (isLoaded(job.batches)) {
        this.#out.push({ kind: 'load', job });
        return;
      }
      const next = job.batches.next();
      if (next) this.#begin(next);
      else this.#finish(job, !this.#refused);
    }
  }

  #begin(batch: Batch): void {
    this.#batch = batch;
    this.#batchSent = 0;
    this.#message = 0;
  }

  #nextPiece(job: Job, batch: Batch, now: number): void {
    if (this.#writing || this.#paceArmed) return;
    const { messageOriented } = this.#options;
    const end = messageOriented ? (batch.boundaries.ends[this.#message] as number) : batch.bytes.length;
    const left = end - this.#batchSent;
    const { bytes, waitMs } = job.pacer?.next(this.#jobSent, left, now) ?? { bytes: left, waitMs: 0 };
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

  #giveUp(job: Job): void {
    this.#disarm();
    this.#cancelled = undefined;
    const size = sizeOf(job);
    const ofBatch = this.#batch ? this.#batch.bytes.length - this.#batchSent : 0;
    this.queued -= size > 0 ? size - this.#jobSent - this.#dropped : ofBatch;
    this.#settleBatch();
    this.#finish(job, size > 0 && this.#jobSent === size);
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

  #finish(job: Job, complete: boolean): void {
    this.#jobs.shift();
    this.#settle(job, this.#jobSent, complete);
    this.#jobSent = 0;
    this.#refused = false;
    this.#dropped = 0;
  }

  #settle(job: Job, sent: number, complete: boolean): void {
    this.#answers.remove(job);
    this.#out.push({ kind: 'settle', job, sent, complete });
  }

  #disarm(): void {
    if (this.#paceArmed) this.#out.push({ kind: 'disarm', timer: 'pace-due' });
    this.#paceArmed = false;
  }
}
