import type { WorkbenchEvent } from '#shared/contract/contract.ts';
import type { JobInput, JobKind, JobView } from '#shared/contract/jobs/catalogue.ts';
import { maxRunningJobs } from '#shared/contract/limits.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';
import type { Job, JobContext, JobEnd, StartJob } from './job.ts';
import { startListJob } from './list.ts';
import { startOneShotJob } from './one-shot.ts';
import { startRepeatJob } from './repeat-job.ts';

/** How the jobs of each kind are started. */
const jobStarters: { readonly [Kind in JobKind]: StartJob<Kind> } = {
  repeat: startRepeatJob,
  list: startListJob,
  'one-shot': startOneShotJob,
};

/** The minimum time between two events. */
const minGapMs = 33;

interface Started {
  readonly id: string;
  readonly job: Job;
  readonly startedAt: number;
  ended: (JobEnd & { readonly elapsedMs: number }) | undefined;
}

/**
 * The jobs that pages have started. They run until they end, are cancelled, or their endpoint goes, whether or not a page is
 * there. Emits their changes at most 30 times a second. Of each endpoint, the last ended job of a kind stays in the list.
 */
export class StartedJobs {
  readonly #context: Omit<JobContext, 'changed'>;
  readonly #emit: (event: WorkbenchEvent) => void;
  readonly #jobs = new Map<string, Started>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #emittedAt = Number.NEGATIVE_INFINITY;
  #lastId = 0;
  /** Jobs that are being started: they count as running. */
  #starting = 0;
  #isEnding = false;

  constructor(context: Omit<JobContext, 'changed'>, emit: (event: WorkbenchEvent) => void) {
    this.#context = context;
    this.#emit = emit;
  }

  /** Returns the jobs that run, and those that have ended and were not removed. */
  views(): JobView[] {
    return [...this.#jobs.values()].map(viewOf);
  }

  async start(input: JobInput): Promise<Result<JobView>> {
    const running = [...this.#jobs.values()].filter(({ ended }) => !ended).length + this.#starting;
    if (running >= maxRunningJobs) {
      const system = `${running} jobs are running, and the limit (maxRunningJobs) is ${maxRunningJobs}`;
      return fail('too-large', 'Could not start another job', { system, hint: 'Stop one of them first.' });
    }
    this.#lastId += 1;
    const id = `j${this.#lastId}`;
    const start = jobStarters[input.kind] as StartJob;
    this.#starting += 1;
    try {
      const started = await start(input, { ...this.#context, changed: () => this.#change(id) });
      if (!started.ok) return started;
      if (this.#isEnding) started.value.cancel();
      return ok(viewOf(this.#add(id, started.value)));
    } finally {
      this.#starting -= 1;
    }
  }

  /** Cancels a job. It is not an error if it has ended meanwhile. */
  cancel(id: string): void {
    this.#jobs.get(id)?.job.cancel();
  }

  /** Removes an ended job from the list. */
  clear(id: string): void {
    if (this.#jobs.get(id)?.ended) this.#remove(id);
  }

  /** Ends the jobs whose sockets can no longer be sent to. */
  socketsChanged(): void {
    for (const { job, ended } of this.#jobs.values()) if (!ended) job.socketsChanged();
  }

  /** Ends the jobs of removed endpoints, and removes them from the list. */
  endpointsRemoved(endpoints: readonly string[]): void {
    const removed = new Set(endpoints);
    for (const [id, { job }] of this.#jobs) {
      if (!removed.has(job.endpoint)) continue;
      job.cancel();
      this.#remove(id);
    }
  }

  /** Cancels all jobs, and those that are being started. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const started = [...this.#jobs.values()];
    for (const { job } of started) job.cancel();
    await Promise.allSettled(started.map(({ job }) => job.ended));
    clearTimeout(this.#timer);
  }

  #add(id: string, job: Job): Started {
    const { kind } = job.figures();
    for (const [other, { job: before, ended }] of this.#jobs) {
      if (ended && before.endpoint === job.endpoint && before.figures().kind === kind) this.#remove(other);
    }
    const started: Started = { id, job, startedAt: performance.now(), ended: undefined };
    this.#jobs.set(id, started);
    this.#change(id);
    void job.ended.then(
      (end) => this.#ended(started, end),
      (bug: unknown) => {
        this.#ended(started, { state: 'failed', error: bugFailure(bug) });
        // The host reports what no call awaits.
        throw bug;
      },
    );
    return started;
  }

  #ended(started: Started, end: JobEnd): void {
    started.ended = { ...end, elapsedMs: performance.now() - started.startedAt };
    this.#change(started.id);
  }

  #remove(id: string): void {
    this.#jobs.delete(id);
    this.#change(id);
  }

  #change(id: string): void {
    this.#changed.add(id);
    if (this.#timer) return;
    const waitMs = Math.max(0, this.#emittedAt + minGapMs - performance.now());
    this.#timer = setTimeout(() => this.#emitChanges(), waitMs);
  }

  #emitChanges(): void {
    this.#timer = undefined;
    this.#emittedAt = performance.now();
    const changed = [...this.#changed].flatMap((id) => this.#jobs.get(id) ?? []);
    const removed = [...this.#changed].filter((id) => !this.#jobs.has(id));
    this.#changed.clear();
    this.#emit({ kind: 'jobs', changed: changed.map(viewOf), removed });
  }
}

function bugFailure(bug: unknown): Failure {
  const system = bug instanceof Error ? bug.message : String(bug);
  return fail('internal', 'The job failed unexpectedly', { system, hint: 'This is a bug in Wirebench.' }).error;
}

function viewOf({ id, job, startedAt, ended }: Started): JobView {
  const { state = 'running', error, elapsedMs = performance.now() - startedAt } = ended ?? {};
  // The figures are those of the job's kind.
  return { id, endpoint: job.endpoint, state, elapsedMs, error, ...job.figures() } as JobView;
}
