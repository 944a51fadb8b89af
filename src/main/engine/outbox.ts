import type { Cuts } from '#shared/framing/cuts.ts';

/** Bytes go to the kernel in pieces of this size, so that a send which fails half-way knows how far it came. */
const pieceBytes = 262_144;

/** Messages that are sent and recorded together: `bytes`, tiled by `cuts`. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly cuts: Cuts;
}

/** What one job sends, made batch by batch, so that ten thousand replies never lie in memory at once. */
export interface Batches {
  /** Bytes of all batches. */
  readonly size: number;
  next(): Batch | undefined;
}

export interface Job {
  /**
   * A function where a file is to be read first: called when the job's turn comes, so that one that waits holds no
   * memory. Its promise gives `undefined` where there is nothing to send after all.
   */
  readonly batches: Batches | (() => Promise<Batches | undefined>);
  /** Called once: the kernel has taken `sent` bytes, all of them where `complete`. */
  done?(sent: number, complete: boolean): void;
}

/** The batches of a job that sends just one. */
export function singleBatch(bytes: Uint8Array, cuts: Cuts): Batches {
  let batch: Batch | undefined = { bytes, cuts };
  return {
    size: bytes.length,
    next() {
      const only = batch;
      batch = undefined;
      return only;
    },
  };
}

export interface OutboxOwner {
  write(bytes: Uint8Array, done: (taken: boolean) => void): void;
  /** The kernel has taken a batch; all of it, but where the socket ended: then its first `sent` bytes. */
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
  #batches: Batches | undefined;
  #batch: Batch | undefined;
  /** Bytes of the batch in hand, and of the job in hand, that the kernel has taken. */
  #batchSent = 0;
  #jobSent = 0;
  /** Bytes that wait for the kernel. A file counts once it is read. */
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
    if (this.#ended) {
      job.done?.(0, false);
      return;
    }
    if (typeof job.batches !== 'function') this.queued += job.batches.size;
    this.#jobs.push(job);
    this.#owner.moved();
    if (this.#jobs.length === 1) this.#start(job);
  }

  /** Calls `listener` once, when nothing waits to be sent (now, if nothing does). */
  whenIdle(listener: () => void): void {
    if (this.idle) listener();
    else this.#idleListeners.push(listener);
  }

  /** The socket is gone: every job that waits is told how far it came. */
  end(): void {
    this.#ended = true;
    this.#idleListeners = [];
    this.queued = 0;
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch && this.#batchSent > 0) this.#owner.sent(batch, this.#batchSent);
    const [first, ...rest] = this.#jobs.splice(0);
    first?.done?.(this.#jobSent, false);
    for (const job of rest) job.done?.(0, false);
  }

  #start(job: Job): void {
    this.#jobSent = 0;
    if (typeof job.batches !== 'function') {
      this.#batches = job.batches;
      this.#sendNext();
      return;
    }
    void job.batches().then((batches) => {
      if (this.#jobs[0] !== job) return;
      this.queued += batches?.size ?? 0;
      this.#batches = batches;
      this.#owner.moved();
      this.#sendNext();
    });
  }

  #sendNext(): void {
    const batch = this.#batches?.next();
    if (!batch) {
      this.#finish();
      return;
    }
    this.#batch = batch;
    this.#batchSent = 0;
    this.#sendPiece(batch);
  }

  #sendPiece(batch: Batch): void {
    const { bytes } = batch;
    const piece = bytes.length <= pieceBytes ? bytes : bytes.subarray(this.#batchSent, this.#batchSent + pieceBytes);
    this.#owner.write(piece, (taken) => {
      // A socket that failed calls `end`, which settles the batch; a late answer has nothing to add.
      if (!taken || this.#batch !== batch) return;
      this.#batchSent += piece.length;
      this.#jobSent += piece.length;
      this.queued -= piece.length;
      this.taken += piece.length;
      if (this.#batchSent < bytes.length) {
        this.#owner.moved();
        this.#sendPiece(batch);
        return;
      }
      this.#batch = undefined;
      this.#owner.sent(batch, bytes.length);
      this.#sendNext();
    });
  }

  #finish(): void {
    const job = this.#jobs.shift();
    job?.done?.(this.#jobSent, true);
    this.#owner.moved();
    const next = this.#jobs[0];
    if (next) {
      this.#start(next);
      return;
    }
    for (const listener of this.#idleListeners.splice(0)) listener();
  }
}
