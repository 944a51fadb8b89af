import type { Job } from './job.ts';

/** Listens to the signals of jobs that can be called off; jobs without one cost nothing. */
export class CallOffs {
  readonly #unlisten = new Map<Job, () => void>();
  readonly #calledOff: (job: Job) => void;

  constructor(calledOff: (job: Job) => void) {
    this.#calledOff = calledOff;
  }

  await(job: Job): void {
    const { signal } = job;
    if (!signal) return;
    const abort = () => this.#calledOff(job);
    signal.addEventListener('abort', abort, { once: true });
    this.#unlisten.set(job, () => signal.removeEventListener('abort', abort));
  }

  /** The job is over. */
  forget(job: Job): void {
    this.#unlisten.get(job)?.();
    this.#unlisten.delete(job);
  }

  clear(): void {
    for (const unlisten of this.#unlisten.values()) unlisten();
    this.#unlisten.clear();
  }
}
