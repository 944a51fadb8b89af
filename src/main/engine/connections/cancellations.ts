import type { Job } from './job.ts';

/** Listens to the signals of jobs that can be cancelled; jobs without a signal have no cost. */
export class Cancellations {
  readonly #unlisten = new Map<Job, () => void>();
  readonly #cancelled: (job: Job) => void;

  constructor(cancelled: (job: Job) => void) {
    this.#cancelled = cancelled;
  }

  listen(job: Job): void {
    const { signal } = job;
    if (!signal) return;
    const abort = () => this.#cancelled(job);
    signal.addEventListener('abort', abort, { once: true });
    this.#unlisten.set(job, () => signal.removeEventListener('abort', abort));
  }

  /** Removes the listener of a job that has ended. */
  forget(job: Job): void {
    this.#unlisten.get(job)?.();
    this.#unlisten.delete(job);
  }

  clear(): void {
    for (const unlisten of this.#unlisten.values()) unlisten();
    this.#unlisten.clear();
  }
}
