import type { CheckRequest, PayloadCheck } from './check-payload.ts';

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
  const end = () => worker.terminate();
  worker.addEventListener('message', ({ data }: MessageEvent<PayloadCheck>) => {
    end();
    onFound(data);
  });
  worker.addEventListener('error', () => {
    end();
    onFailed?.();
  });
  worker.postMessage(request);
  return end;
}
