import type { CheckRequest } from '../../src/renderer/features/composer/check-payload.ts';

/** Stands for the thread that checks a payload: happy-dom has no threads. It answers later, as a thread does. */
class WorkerStandIn extends EventTarget {
  #isEnded = false;

  postMessage(request: CheckRequest): void {
    void import('../../src/renderer/features/composer/check-payload.ts').then(({ checkPayload }) => {
      if (!this.#isEnded) this.dispatchEvent(new MessageEvent('message', { data: checkPayload(request) }));
    });
  }

  terminate(): void {
    this.#isEnded = true;
  }
}

Object.assign(globalThis, { Worker: WorkerStandIn });
