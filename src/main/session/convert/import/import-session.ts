import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import type { Result } from '#shared/failure.ts';
import { cancelled } from '../../format/failures.ts';
import { type JobOptions, startWorker, type WorkerEnd, workerEnd, workerFailure } from '../../threads.ts';

export interface ImportOptions extends JobOptions {
  /** The capture (pcap, pcapng) or JSON lines to read, also compressed with gzip. Its format is detected by its content. */
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
  /**
   * What of the source could not be taken, in sentences, which the session's last record says too, and whether there was no message in it;
   * empty where neither applies.
   */
  readonly notice: string;
}

/** What the import worker starts with. */
export interface ImporterStart {
  readonly source: string;
  readonly target: string;
  /** What the file is called while it is not whole. */
  readonly part: string;
  readonly name: string;
  readonly appVersion: string;
}

/** A name beside that of `target`, for as long as it is not whole. */
export function partOf(target: string): string {
  return `${target}.${randomBytes(4).toString('hex')}.part`;
}

/** What a compressed source unpacks to while it is imported: a file beside the session that is made. */
export function unpackedOf(part: string): string {
  return `${part}.unpacked`;
}

/** How long the thread may take to end where it was cancelled: it may be waiting for a source that gives nothing. */
const patienceMs = 1_000;

export type FromImporter =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly result: Result<Imported> };

/**
 * Creates a session file from a capture or JSON lines, in a separate thread. Fails as `not-a-session` where the source
 * is neither, as `wrong-state` where it is a session already (open that), as `file` where reading or writing fails, as
 * `cancelled`; then there is no file. Progress is in bytes of the source; `total` is 0 where its size is unknown.
 */
export function importSession(options: ImportOptions): Promise<Result<Imported>> {
  const { source, target, name, appVersion, signal, onProgress } = options;
  if (signal?.aborted) return Promise.resolve({ ok: false, error: cancelled(`Importing “${source}”`) });
  const start: ImporterStart = { source, target, part: partOf(target), name, appVersion };
  const worker: Worker = startWorker('log-importer', start);
  // It is awaited: the process stays until it has answered.
  worker.ref();
  let impatience: NodeJS.Timeout | undefined;
  const cancel = () => {
    worker.postMessage('cancel');
    impatience = setTimeout(() => worker.terminate(), patienceMs);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  return new Promise<Result<Imported>>((resolve) => {
    let end: WorkerEnd = { system: 'it was stopped' };
    let result: Result<Imported> | undefined;
    worker.on('message', (message: FromImporter) => {
      if (message.kind === 'progress') onProgress?.(message.done, message.total);
      else result = message.result;
    });
    worker.on('error', (error) => {
      end = workerEnd(error);
    });
    worker.on('exit', () => {
      clearTimeout(impatience);
      signal?.removeEventListener('abort', cancel);
      if (result === undefined) for (const path of [start.part, unpackedOf(start.part)]) rmSync(path, { force: true });
      const isCancelled = signal?.aborted === true;
      const words = `Could not import “${source}”: the importer ended`;
      const error = isCancelled ? cancelled(`Importing “${source}”`) : workerFailure(words, end);
      resolve(result ?? { ok: false, error });
    });
  });
}
