import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Failure } from '#shared/failure.ts';
import { bugFailure, fileFailure } from './file-failure.ts';
import type { WorkerEnd } from './worker-end.ts';

/**
 * Starts the worker `name`, whose file is beside this module: as TypeScript in the sources, as JavaScript in a build. It
 * does not keep the process running; call `ref()` while an answer is awaited.
 */
export function startWorker(name: 'log-writer' | 'log-reader' | 'log-importer', workerData: unknown): Worker {
  const here = fileURLToPath(import.meta.url);
  const extension = extname(basename(here)) === '.ts' ? '.ts' : '.js';
  const worker = new Worker(join(dirname(here), `${name}${extension}`), { workerData, name });
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
