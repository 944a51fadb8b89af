import type { JobOptions } from '#session/threads.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';

/** The minimum time between two progress reports. */
const minGapMs = 33;

/** Running long work, by the name that the page gave it: reports its progress and can cancel it. */
export class Jobs {
  readonly #emit: (event: WorkbenchEvent) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(emit: (event: WorkbenchEvent) => void) {
    this.#emit = emit;
  }

  async run<T>(job: string | undefined, action: (work: JobOptions) => Promise<T>): Promise<T> {
    if (job === undefined) return action({});
    const abort = new AbortController();
    this.#running.set(job, abort);
    let reportedAt = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const report = (done: number, total: number) => {
      clearTimeout(timer);
      timer = undefined;
      reportedAt = performance.now();
      this.#emit({ kind: 'job.progress', job, done, total });
    };
    try {
      return await action({
        signal: abort.signal,
        onProgress: (done, total) => {
          const wait = reportedAt + minGapMs - performance.now();
          if (wait <= 0 || done >= total) {
            report(done, total);
            return;
          }
          // Also reports the last figure if no other follows soon.
          clearTimeout(timer);
          timer = setTimeout(() => report(done, total), wait);
        },
      });
    } finally {
      clearTimeout(timer);
      if (this.#running.get(job) === abort) this.#running.delete(job);
    }
  }

  /** Cancels long work. It is not an error if the work has ended meanwhile. */
  cancel(job: string): Result<Record<string, never>> {
    this.#running.get(job)?.abort();
    return ok({});
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }
}
