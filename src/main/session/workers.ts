import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Failure } from '#shared/failure.ts';
import { fileFailure } from './format/file-failure.ts';

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

/** Returns the failure of a worker that crashed: reported as a bug, unless the system had no descriptor for it. */
export function workerFailure(message: string, system: string): Failure {
  const code = descriptorCode(system);
  if (code) return fileFailure(message, Object.assign(new Error(system), { code }));
  return { code: 'internal', message, system, hint: 'This is a bug in Wirebench.' };
}

/** Returns true if `system`, the text of a worker's error, means that there was no descriptor left. */
export function saysOutOfDescriptors(system: string): boolean {
  return descriptorCode(system) !== undefined;
}

function descriptorCode(system: string): string | undefined {
  // For this error Node's module loader gives only a text, without a code.
  return /\b(EMFILE|ENFILE)\b/.exec(system)?.[1] ?? (/too many open files/i.test(system) ? 'EMFILE' : undefined);
}
