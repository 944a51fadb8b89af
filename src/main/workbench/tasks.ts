import type { TaskOptions } from '#session/task.ts';
import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';

/** Progress is told at most this often: nobody sees more. */
const minGapMs = 33;

/** Long work under way, by the name that the page gave it: its progress is told, and it can be called off. */
export class Tasks {
  readonly #emit: (event: WorkbenchEvent) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(emit: (event: WorkbenchEvent) => void) {
    this.#emit = emit;
  }

  async run<T>(task: string | undefined, job: (work: TaskOptions) => Promise<T>): Promise<T> {
    if (task === undefined) return job({});
    const abort = new AbortController();
    this.#running.set(task, abort);
    let toldAt = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const tell = (done: number, total: number) => {
      clearTimeout(timer);
      timer = undefined;
      toldAt = performance.now();
      this.#emit({ kind: 'task.progress', task, done, total });
    };
    try {
      return await job({
        signal: abort.signal,
        onProgress: (done, total) => {
          const wait = toldAt + minGapMs - performance.now();
          if (wait <= 0 || done >= total) {
            tell(done, total);
            return;
          }
          // The last figure is told too, where nothing follows it for a while.
          clearTimeout(timer);
          timer = setTimeout(() => tell(done, total), wait);
        },
      });
    } finally {
      clearTimeout(timer);
      if (this.#running.get(task) === abort) this.#running.delete(task);
    }
  }

  /** Calls off long work. Where it has ended meanwhile, that is no error. */
  cancel(task: string): Result<Record<string, never>> {
    this.#running.get(task)?.abort();
    return ok({});
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }
}
