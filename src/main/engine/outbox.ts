import type { Cuts } from '#shared/framing/cuts.ts';

/** Bytes go to the kernel in pieces of this size, so that a send which fails half-way knows how far it came. */
const pieceBytes = 262_144;

/** One run of messages to send, in the order of the queue. */
export interface Job {
  /** The bytes, or a promise of them (a file that is being read); `undefined` where there is nothing to send after all. */
  readonly bytes: Uint8Array | Promise<Uint8Array | undefined>;
  /** How `bytes` are cut into messages. */
  cuts(bytes: Uint8Array): Cuts;
  /** Called once: `sent` bytes went to the kernel, all of them where `complete`. */
  done(bytes: Uint8Array, sent: number, complete: boolean): void;
}

export interface OutboxOwner {
  write(bytes: Uint8Array, done: (taken: boolean) => void): void;
  /** Bytes went to the kernel, or joined the queue. */
  moved(): void;
}

/** The send queue of one socket: first in, first out, one write in flight. */
export class Outbox {
  readonly #owner: OutboxOwner;
  readonly #jobs: Job[] = [];
  #idleListeners: (() => void)[] = [];
  #ended = false;
  #active: { bytes: Uint8Array; sent: number } | undefined;
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

  push(job: Job): void {
    if (this.#ended) {
      job.done(new Uint8Array(0), 0, false);
      return;
    }
    if (job.bytes instanceof Uint8Array) this.queued += job.bytes.length;
    this.#jobs.push(job);
    this.#owner.moved();
    if (this.#jobs.length === 1) this.#start();
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
    const active = this.#active;
    this.#active = undefined;
    const [first, ...rest] = this.#jobs.splice(0);
    this.queued = 0;
    first?.done(active?.bytes ?? new Uint8Array(0), active?.sent ?? 0, false);
    for (const job of rest) job.done(job.bytes instanceof Uint8Array ? job.bytes : new Uint8Array(0), 0, false);
  }

  #start(): void {
    const job = this.#jobs[0];
    if (!job) return;
    if (job.bytes instanceof Uint8Array) {
      this.#send(job, job.bytes);
      return;
    }
    void job.bytes.then((bytes) => {
      if (this.#jobs[0] !== job) return;
      this.queued += bytes?.length ?? 0;
      if (bytes) this.#send(job, bytes);
      else this.#next(job, new Uint8Array(0));
    });
  }

  #send(job: Job, bytes: Uint8Array): void {
    const active = { bytes, sent: 0 };
    this.#active = active;
    const step = (): void => {
      const piece = bytes.length <= pieceBytes ? bytes : bytes.subarray(active.sent, active.sent + pieceBytes);
      this.#owner.write(piece, (taken) => {
        // A socket that failed tells `end`, which settles the job; a late answer has nothing to add.
        if (!taken || this.#active !== active) return;
        active.sent += piece.length;
        this.queued -= piece.length;
        this.taken += piece.length;
        if (active.sent < bytes.length) {
          this.#owner.moved();
          step();
        } else {
          this.#active = undefined;
          this.#next(job, bytes);
        }
      });
    };
    if (bytes.length === 0) {
      this.#active = undefined;
      this.#next(job, bytes);
    } else {
      step();
    }
  }

  #next(job: Job, bytes: Uint8Array): void {
    this.#jobs.shift();
    job.done(bytes, bytes.length, true);
    this.#owner.moved();
    if (this.#jobs.length > 0) {
      this.#start();
      return;
    }
    for (const listener of this.#idleListeners.splice(0)) listener();
  }
}
