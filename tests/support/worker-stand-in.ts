import type { CheckRequest } from '../../src/renderer/features/composer/check-payload.ts';
import type { DocumentTask } from '../../src/renderer/features/composer/document-task.ts';

/** Does what the thread for `request` does. */
async function answerTo(request: CheckRequest | DocumentTask): Promise<unknown> {
  if ('kind' in request) {
    const { runTask } = await import('../../src/renderer/features/composer/document-task.ts');
    return runTask(request);
  }
  const { checkPayload } = await import('../../src/renderer/features/composer/check-payload.ts');
  return checkPayload(request);
}

/** Stands for the threads of the composer: happy-dom has none. It answers later, as a thread does. */
class WorkerStandIn extends EventTarget {
  #isEnded = false;

  postMessage(request: CheckRequest | DocumentTask): void {
    void answerTo(request).then((data) => {
      if (!this.#isEnded) this.dispatchEvent(new MessageEvent('message', { data }));
    });
  }

  terminate(): void {
    this.#isEnded = true;
  }
}

Object.assign(globalThis, { Worker: WorkerStandIn });
