import type { CheckRequest, PayloadCheck } from './check-payload.ts';

/** Checks a payload in a separate thread and passes the result to `onFound`. Returns a function that ends the check. */
export function checkBeside(request: CheckRequest, onFound: (check: PayloadCheck) => void): () => void {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' });
  const end = () => worker.terminate();
  worker.addEventListener('message', ({ data }: MessageEvent<PayloadCheck>) => {
    end();
    onFound(data);
  });
  // Without a thread, nothing is said of the payload until it is sent.
  worker.addEventListener('error', end);
  worker.postMessage(request);
  return end;
}
