import type { Worker } from 'node:worker_threads';
import type { Result } from '#shared/contract/failure.ts';
import { cancelled } from '../file-failure.ts';
import type { TaskOptions } from '../session.ts';
import { startWorker, workerFailure } from '../workers.ts';

export interface ImportOptions extends TaskOptions {
  /** The capture (pcap, pcapng) or JSON lines to read. What it is, is told by its content. */
  readonly source: string;
  /** The session file to make. One that exists is never overwritten; nothing is there until all is written. */
  readonly target: string;
  /** The session's name. */
  readonly name: string;
  readonly appVersion: string;
}

/** What an import brought. */
export interface Imported {
  readonly path: string;
  readonly records: number;
  readonly messages: number;
  readonly sockets: number;
  /** Size of the written file. */
  readonly bytes: number;
  /** What of the source could not be taken, in sentences; empty where all was. The session's last record says it too. */
  readonly notice: string;
}

/** What the import worker starts with. */
export interface ImporterStart {
  readonly source: string;
  readonly target: string;
  readonly name: string;
  readonly appVersion: string;
}

export type FromImporter =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly result: Result<Imported> };

/**
 * Makes a session file of a capture or of JSON lines, in a thread of its own. Fails as `not-a-session` where the source
 * is neither, as `wrong-state` where it is a session already (open that), as `file` where reading or writing fails, as
 * `cancelled`; then there is no file. Progress is in bytes of the source; `total` is 0 where its size is unknown.
 */
export function importSession(options: ImportOptions): Promise<Result<Imported>> {
  const { source, target, name, appVersion, signal, onProgress } = options;
  if (signal?.aborted) return Promise.resolve({ ok: false, error: cancelled(`Importing “${source}”`) });
  const start: ImporterStart = { source, target, name, appVersion };
  const worker: Worker = startWorker('log-importer', start);
  // It is awaited: the process stays until it has answered.
  worker.ref();
  const cancel = () => worker.postMessage('cancel');
  signal?.addEventListener('abort', cancel, { once: true });
  return new Promise<Result<Imported>>((resolve) => {
    let why = 'it was stopped';
    let result: Result<Imported> | undefined;
    worker.on('message', (message: FromImporter) => {
      if (message.kind === 'progress') onProgress?.(message.done, message.total);
      else result = message.result;
    });
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      const broken = workerFailure(`Could not import “${source}”: the importer ended`, why);
      resolve(result ?? { ok: false, error: broken });
    });
  }).finally(() => signal?.removeEventListener('abort', cancel));
}
