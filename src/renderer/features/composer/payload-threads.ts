import { maxCheckedLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import type { Draft } from '../../state/drafts.ts';
import type { CheckRequest, PayloadCheck } from './check-payload.ts';
import type { Conversion, DocumentTask, QueryAnswer } from './document-task.ts';

/*
 * The threads that check payloads and work on documents.
 */

/** Longer texts (UTF-16 units) take more than a frame to check: a worker checks them. */
export const quickLength = 32 * 1_024;

/**
 * Checks a payload in a separate thread and passes the result to `onFound`; calls `onFailed` if the thread fails. Returns a function that
 * ends the check.
 */
export function checkBeside(
  request: CheckRequest,
  onFound: (check: PayloadCheck) => void,
  onFailed?: () => void,
): () => void {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' });
  return askWorker(worker, request, onFound, onFailed);
}

/** Does a task on a document in a separate thread, as `checkBeside` checks a payload. */
export function runBeside<Answer extends Conversion | QueryAnswer>(
  task: DocumentTask,
  onDone: (answer: Answer) => void,
  onFailed?: () => void,
): () => void {
  const worker = new Worker(new URL('./document-worker.ts', import.meta.url), { type: 'module' });
  return askWorker(worker, task, onDone, onFailed);
}

/** Sends `request` to a thread that answers once. Returns a function that ends the thread. */
function askWorker<Answer>(
  worker: Worker,
  request: CheckRequest | DocumentTask,
  onAnswer: (answer: Answer) => void,
  onFailed: (() => void) | undefined,
): () => void {
  const end = () => worker.terminate();
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    end();
    onAnswer(data);
  });
  worker.addEventListener('error', () => {
    end();
    onFailed?.();
  });
  worker.postMessage(request);
  return end;
}

/** Returns the first error of a text. The checks are loaded on demand; a worker makes those of a long text. */
export async function errorOf({ format, text }: Draft): Promise<Problem | undefined> {
  const isLong = text.length > quickLength && text.length <= maxCheckedLength;
  const found = isLong ? await checkOfLong({ format, text }) : undefined;
  const check = found ?? (await import('./check-payload.ts')).checkPayload({ format, text });
  return check.list.find(({ severity }) => severity === 'error');
}

/** Returns the worker's check; `undefined` if the worker fails. */
function checkOfLong(request: CheckRequest): Promise<PayloadCheck | undefined> {
  return new Promise((resolve) => {
    checkBeside(request, resolve, () => resolve(undefined));
  });
}
