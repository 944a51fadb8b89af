import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Connections made by a separate process. `await using` ends it. */
export class LoadClient implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #said: Record<'ready' | 'done', Promise<void>>;

  constructor(job: 'idle' | 'talk' | 'churn', port: number, count: number, messages = 0) {
    const script = new URL('./load-client.ts', import.meta.url);
    this.#child = fork(script, [job, String(port), String(count), String(messages)]);
    const said = (kind: string) =>
      new Promise<void>((resolve, reject) => {
        this.#child.on('message', (message: { kind: string }) => message.kind === kind && resolve());
        this.#child.on('exit', (code) => reject(new Error(`the load ended with code ${code}`)));
      });
    this.#said = { ready: said('ready'), done: said('done') };
    for (const promise of Object.values(this.#said)) promise.catch(() => {});
  }

  /** All its connections are made. */
  get ready(): Promise<void> {
    return this.#said.ready;
  }

  get done(): Promise<void> {
    return this.#said.done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}

/** Descriptors that this process has open (Linux). */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Bytes of the heap in use, after what is garbage has been collected. */
export function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
