import { dirname, extname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Failure } from '#shared/failure.ts';
import { bugFailure, fileFailure } from './format/failures.ts';

/** How long work is followed and cancelled. */
export interface JobOptions {
  /** Aborting ends the work with a `cancelled` failure; a save then leaves no file. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most about ten times a second; `done` and `total` are in the same unit. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** How long work in the reader thread is cancelled and reports its progress. */
export interface ReaderJob {
  readonly isCancelled: () => boolean;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/** How long work runs before other questions are answered. */
const sliceMs = 8;
const progressEveryMs = 100;

/** The progress of work; both in the same unit. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * Runs `work` to its end, or returns `undefined` if it was cancelled. Each `yield` is a place to pause or to stop:
 * they should be at most a few milliseconds apart. Reports progress ten times a second.
 */
export async function inSlices<T>(work: Generator<Progress, T>, job: ReaderJob): Promise<T | undefined> {
  let reportedAt = performance.now();
  let sliceEnd = reportedAt + sliceMs;
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return job.isCancelled() ? undefined : step.value;
    const now = performance.now();
    if (now < sliceEnd) continue;
    if (now - reportedAt >= progressEveryMs) {
      reportedAt = now;
      job.onProgress(step.value);
    }
    await setImmediate();
    if (job.isCancelled()) return undefined;
    sliceEnd = performance.now() + sliceMs;
  }
}

/** The workers, and where their sources are. */
const folders = { 'log-writer': 'record', 'log-reader': 'query', 'log-importer': 'convert/import' } as const;

/**
 * Starts the worker `name`: from its source, or in a build from the file beside this module. It does not keep the process
 * running; call `ref()` while an answer is awaited.
 */
export function startWorker(name: keyof typeof folders, workerData: unknown): Worker {
  const here = fileURLToPath(import.meta.url);
  const isSource = extname(here) === '.ts';
  const worker = new Worker(join(dirname(here), isSource ? `${folders[name]}/${name}.ts` : `${name}.js`), {
    workerData,
    name,
  });
  worker.unref();
  return worker;
}

/** Keeps a worker's thread, and thereby the process, alive while an answer is awaited. */
export class Awaiting {
  readonly #worker: Worker;
  #count = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  begin(): void {
    this.#count += 1;
    if (this.#count === 1) this.#worker.ref();
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#worker.unref();
  }
}

/** Returns the failure of a worker that ended: reported as a bug, unless the system had no descriptor for it. */
export function workerFailure(message: string, { system, code }: WorkerEnd): Failure {
  if (code !== undefined) return fileFailure(message, Object.assign(new Error(system), { code }));
  return bugFailure(message, system);
}

/** Why a worker ended. */
export interface WorkerEnd {
  /** What the system or Node said. */
  readonly system: string;
  /** Set where no descriptor was left for the worker: its own limit, or the system's. */
  readonly code?: 'EMFILE' | 'ENFILE' | undefined;
}

/**
 * Returns why a worker ended, from the error of its event `error`. Where no descriptor is left for a worker's event loop or for one of its
 * modules, Node gives the system's error only as text: “Worker initialization failure: EMFILE”, “Cannot read x: too many open files”.
 */
export function workerEnd(error: unknown): WorkerEnd {
  const system = error instanceof Error ? error.message : String(error);
  return { system, code: descriptorCode(error) ?? descriptorCodeIn(system) };
}

function descriptorCode(error: unknown): WorkerEnd['code'] {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EMFILE' || code === 'ENFILE' ? code : undefined;
}

function descriptorCodeIn(text: string): WorkerEnd['code'] {
  if (/\bENFILE\b/.test(text)) return 'ENFILE';
  return /\bEMFILE\b|too many open files/i.test(text) ? 'EMFILE' : undefined;
}
