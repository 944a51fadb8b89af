import { CallOffs } from './call-offs.ts';
import type { Batch, Batches, Job } from './job.ts';

/** Bytes go to the kernel in pieces of this size, so that a send which fails half-way knows how far it came. */
const pieceBytes = 262_144;

interface OutboxOwner {
  /** Each message of a batch is to be written by itself. */
  readonly messageOriented: boolean;
  write(bytes: Uint8Array, done: (taken: boolean) => void): void;
  /** The kernel has taken a batch; all of it, but where the socket or the job ended: then its first `sent` bytes. */
  sent(batch: Batch, sent: number): void;
  /** The queue has grown or shrunk. */
  moved(): void;
}

/** The send queue of one socket: first in, first out, one write in flight. */
export class Outbox {
  readonly #owner: OutboxOwner;
  readonly #jobs: Job[] = [];
  #idleListeners: (() => void)[] = [];
  #ended = false;
  #isPaused = false;
  #batches: Batches | undefined;
  #batch: Batch | undefined;
  /** Of a transport of messages: the message of the batch that is next. */
  #message = 0;
  /** Bytes of the batch in hand, and of the job in hand, that the kernel has taken. */
  #batchSent = 0;
  #jobSent = 0;
  /** A message of the job in hand was refused: it is not complete. */
  #refused = false;
  #pause: NodeJS.Timeout | undefined;
  #writing = false;
  /** The job in hand is given up as soon as the write in flight is told. */
  #cancelled: Job | undefined;
  readonly #callOffs = new CallOffs((job) => this.#cancel(job));
  /** Bytes of the write in flight. */
  #inFlight = 0;
  /** Bytes that wait for the kernel. A file's count once they are read. */
  queued = 0;
  /** Bytes the kernel has taken. */
  taken = 0;

  constructor(owner: OutboxOwner) {
    this.#owner = owner;
  }

  get idle(): boolean {
    return this.#jobs.length === 0;
  }

  /** Jobs that wait, the one in hand among them. */
  get jobs(): number {
    return this.#jobs.length;
  }

  push(job: Job): void {
    if (this.#ended || job.signal?.aborted) {
      if (typeof job.batches !== 'function') job.batches.close?.();
      job.done?.(0, false);
      return;
    }
    if (typeof job.batches !== 'function') this.queued += job.batches.size;
    this.#jobs.push(job);
    this.#callOffs.await(job);
    this.#owner.moved();
    if (this.#jobs.length === 1 && !this.#isPaused) this.#start(job);
  }

  /** Sends nothing until `release`: what is pushed waits. */
  hold(): void {
    this.#isPaused = true;
  }

  release(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    const first = this.#jobs[0];
    if (first) this.#start(first);
  }

  /** Calls `listener` once, when nothing waits to be sent (now, if nothing does). */
  whenIdle(listener: () => void): void {
    if (this.idle) listener();
    else this.#idleListeners.push(listener);
  }

  /**
   * The socket is gone: every job that waits is told how far it came. Gives the bytes of the write that was under way.
   */
  end(): number {
    const inFlight = this.#writing ? this.#inFlight : 0;
    this.#ended = true;
    this.#callOffs.clear();
    this.#idleListeners = [];
    clearTimeout(this.#pause);
    this.#settleBatch();
    this.queued = 0;
    const [first, ...rest] = this.#jobs.splice(0);
    this.#batches?.close?.();
    this.#batches = undefined;
    first?.done?.(this.#jobSent, false);
    for (const job of rest) {
      if (typeof job.batches !== 'function') job.batches.close?.();
      job.done?.(0, false);
    }
    return inFlight;
  }

  #start(job: Job): void {
    this.#jobSent = 0;
    this.#refused = false;
    if (typeof job.batches !== 'function') {
      this.#batches = job.batches;
      this.#sendNext(job);
      return;
    }
    job.batches().then(
      (batches) => {
        if (this.#jobs[0] !== job) {
          batches?.close?.();
          return;
        }
        this.queued += batches?.size ?? 0;
        this.#batches = batches;
        this.#owner.moved();
        this.#sendNext(job);
      },
      () => {
        if (this.#jobs[0] === job) this.#finish(job, false);
      },
    );
  }

  #sendNext(job: Job): void {
    const next = this.#batches?.next();
    if (!(next instanceof Promise)) {
      this.#take(job, next);
      return;
    }
    next.then(
      (batch) => {
        if (this.#jobs[0] !== job) return;
        // What is read from a file counts from now on.
        this.queued += batch?.bytes.length ?? 0;
        this.#owner.moved();
        this.#take(job, batch);
      },
      () => {
        if (this.#jobs[0] === job) this.#finish(job, false);
      },
    );
  }

  #take(job: Job, batch: Batch | undefined): void {
    if (!batch) {
      this.#finish(job, !this.#refused);
      return;
    }
    this.#batch = batch;
    this.#batchSent = 0;
    this.#message = 0;
    this.#sendPiece(job, batch);
  }

  #sendPiece(job: Job, batch: Batch): void {
    const from = this.#batchSent;
    const left =
      (this.#owner.messageOriented ? (batch.boundaries.ends[this.#message] as number) : batch.bytes.length) - from;
    if (!job.pacer) {
      this.#write(job, batch, this.#owner.messageOriented ? left : Math.min(left, pieceBytes));
      return;
    }
    const { bytes, waitMs } = job.pacer.next(this.#jobSent, left, performance.now());
    // A message is not cut, however slowly it is to go.
    const length = this.#owner.messageOriented ? left : Math.min(bytes, pieceBytes);
    if (waitMs < 1) {
      this.#write(job, batch, length);
      return;
    }
    this.#pause = setTimeout(() => {
      if (this.#batch === batch) this.#write(job, batch, length);
    }, waitMs);
  }

  #write(job: Job, batch: Batch, length: number): void {
    const { bytes } = batch;
    const from = this.#batchSent;
    const piece = from === 0 && length === bytes.length ? bytes : bytes.subarray(from, from + length);
    this.#writing = true;
    this.#inFlight = length;
    this.#owner.write(piece, (taken) => {
      // Of a stream's write that failed nobody knows how much was taken: the end is told of it.
      this.#writing = !taken && !this.#owner.messageOriented;
      // A socket that failed calls `end`, which settles the batch; a late answer has nothing to add.
      if (this.#batch !== batch) return;
      if (!taken) {
        // A stream is over then; of messages, only this one is not sent.
        if (this.#owner.messageOriented) this.#refuse(job, batch, length);
        return;
      }
      this.#batchSent += length;
      this.#jobSent += length;
      this.queued -= length;
      this.taken += length;
      this.#message += 1;
      job.moved?.(this.#jobSent);
      // Who is told may call the job off.
      if (this.#batch !== batch) return;
      if (this.#cancelled === job) {
        this.#giveUp(job);
        return;
      }
      const more = this.#owner.messageOriented
        ? this.#message < batch.boundaries.count
        : this.#batchSent < bytes.length;
      if (more) {
        this.#owner.moved();
        this.#sendPiece(job, batch);
        return;
      }
      this.#batch = undefined;
      this.#owner.sent(batch, bytes.length);
      this.#sendNext(job);
    });
  }

  /** One message was not taken: what was sent of the batch before it is recorded, the rest is given up. */
  #refuse(job: Job, batch: Batch, length: number): void {
    this.#refused = true;
    this.#batch = undefined;
    this.queued -= batch.bytes.length - this.#batchSent;
    if (this.#batchSent > 0) this.#owner.sent(batch, this.#batchSent);
    else if (length === 0) this.#owner.moved();
    this.#sendNext(job);
  }

  #cancel(job: Job): void {
    const at = this.#jobs.indexOf(job);
    if (at < 0) return;
    if (at > 0 || this.#isPaused) {
      this.#jobs.splice(at, 1);
      this.#callOffs.forget(job);
      if (typeof job.batches !== 'function') {
        this.queued -= job.batches.size;
        job.batches.close?.();
      }
      job.done?.(0, false);
      this.#owner.moved();
      return;
    }
    // What the kernel is about to take is sent, and has to be recorded as such.
    if (this.#writing) this.#cancelled = job;
    else this.#giveUp(job);
  }

  #giveUp(job: Job): void {
    clearTimeout(this.#pause);
    this.#cancelled = undefined;
    const size = this.#batches?.size ?? 0;
    const ofBatch = (this.#batch?.bytes.length ?? 0) - this.#batchSent;
    const complete = this.#batch !== undefined && ofBatch === 0;
    this.queued -= size > 0 ? size - this.#jobSent : Math.max(0, this.#batch ? ofBatch : 0);
    if (complete) {
      const batch = this.#batch as Batch;
      this.#batch = undefined;
      this.#owner.sent(batch, batch.bytes.length);
    } else {
      this.#settleBatch();
    }
    this.#finish(job, size > 0 && this.#jobSent === size);
  }

  /** Records what was sent of the batch in hand. */
  #settleBatch(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch && this.#batchSent > 0) this.#owner.sent(batch, this.#batchSent);
  }

  #finish(job: Job, complete: boolean): void {
    this.#jobs.shift();
    this.#callOffs.forget(job);
    this.#batches?.close?.();
    this.#batches = undefined;
    job.done?.(this.#jobSent, complete);
    this.#owner.moved();
    const next = this.#jobs[0];
    if (next) {
      this.#start(next);
      return;
    }
    for (const listener of this.#idleListeners.splice(0)) listener();
  }
}
