import type { Worker } from 'node:worker_threads';
import type { Failure } from '#shared/failure.ts';
import type { Mark, SocketInfo } from '#shared/record/record.ts';
import type { SessionSettings, SessionTotals } from '#shared/record/session-json.ts';
import type { FilledBlock } from '../format/filling-block.ts';
import type { FilledReads } from '../format/filling-reads.ts';
import { Awaiting, startWorker, type WorkerEnd, workerEnd, workerFailure } from '../threads.ts';

/** The initial data of the writer worker: a file that begins with a complete session header block. */
export interface WriterStart {
  readonly path: string;
  readonly length: number;
}

/** Requests to the writer other than records. Each is answered, after everything that was handed over before. */
export type WriterRequest =
  | { readonly kind: 'flush' }
  | { readonly kind: 'marks'; readonly marks: readonly Mark[] }
  | { readonly kind: 'settings'; readonly settings: Partial<SessionSettings> }
  | { readonly kind: 'retry' }
  | { readonly kind: 'move'; readonly path: string };

export type ToWriter =
  | { readonly kind: 'records'; readonly block: FilledBlock }
  | { readonly kind: 'reads'; readonly reads: FilledReads }
  | { readonly kind: 'sockets'; readonly infos: SocketInfo[] }
  | { readonly kind: 'request'; readonly id: number; readonly request: WriterRequest }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close'; readonly totals: SessionTotals };

export type FromWriter =
  /** It has started; the first message. */
  | { readonly kind: 'running' }
  | {
      readonly kind: 'written';
      /** The number of bytes in whole blocks, and the number of the next record. */
      readonly length: number;
      readonly next: number;
      /** As `Recorder.written` expects them. */
      readonly bytes: number;
      readonly buffers: ArrayBuffer[];
    }
  | { readonly kind: 'answer'; readonly id: number; readonly error: Failure | undefined }
  | { readonly kind: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** The file has moved; sent before anything is written to the new place. */
  | { readonly kind: 'moved'; readonly path: string }
  /** The file was written again after another program had changed it: `lost` records are missing from it. */
  | { readonly kind: 'mended'; readonly path: string; readonly lost: number }
  /** Everything that is not written waits in the writer, and so will new records. */
  | { readonly kind: 'failed'; readonly error: Failure; readonly length: number; readonly next: number }
  /** It writes again. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'closed' };

interface WriterThreadEvents {
  message(message: FromWriter): void;
  /** There was no descriptor to start it with: messages wait until `start` succeeds. */
  unstarted(failure: Failure): void;
  /** It started after that, and has received the waiting messages. */
  started(): void;
  /** It crashed, and the messages sent to it are lost. */
  brokeDown(end: WorkerEnd): void;
  ended(): void;
}

/**
 * The worker `log-writer`, from the first attempt to start it to its end. Nothing is sent before it reports that it runs: buffers
 * transferred to a worker that never starts would be lost.
 */
export class WriterThread {
  readonly #start: WriterStart;
  readonly #events: WriterThreadEvents;
  #worker: Worker | undefined;
  #awaiting: Awaiting | undefined;
  #awaited = 0;
  /** From now on its end is not a failure to start. */
  #hasRun = false;
  #waiting: { readonly message: ToWriter; readonly transfer: ArrayBuffer[] }[] = [];
  /** Why it could not be started. */
  #unstarted: Failure | undefined;
  /** Resolves when the latest attempt to start it has ended. */
  #settling: Promise<void> = Promise.resolve();
  #settle: () => void = () => {};

  constructor(start: WriterStart, events: WriterThreadEvents) {
    this.#start = start;
    this.#events = events;
    this.#launch();
  }

  /** Why it does not run, if it could not be started. */
  get failure(): Failure | undefined {
    return this.#unstarted;
  }

  post(message: ToWriter, transfer: ArrayBuffer[]): void {
    if (this.#hasRun) this.#worker?.postMessage(message, transfer);
    else this.#waiting.push({ message, transfer });
  }

  /** Waits for an attempt to start it, and makes one if none is in progress; resolves to why it still does not run. */
  async start(): Promise<Failure | undefined> {
    if (this.#hasRun) return undefined;
    if (this.#worker === undefined) this.#launch();
    this.awaited(true);
    await this.#settling;
    this.awaited(false);
    return this.#unstarted;
  }

  /** Keeps the process running while an answer is awaited (`is`), until the matching call with false. */
  awaited(is: boolean): void {
    this.#awaited += is ? 1 : -1;
    if (is) this.#awaiting?.begin();
    else this.#awaiting?.end();
  }

  #launch(): void {
    this.#settling = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const worker = startWorker('log-writer', this.#start);
    this.#worker = worker;
    this.#awaiting = new Awaiting(worker);
    for (let count = 0; count < this.#awaited; count += 1) this.#awaiting.begin();
    let end: WorkerEnd = { system: 'it ended' };
    worker.on('message', (message: FromWriter) => {
      if (message.kind === 'running') this.#runs(worker);
      else this.#events.message(message);
    });
    worker.on('error', (error) => {
      end = workerEnd(error);
      if (this.#hasRun) this.#events.brokeDown(end);
    });
    worker.on('exit', () => this.#ended(end));
  }

  #runs(worker: Worker): void {
    this.#hasRun = true;
    const waited = this.#waiting;
    this.#waiting = [];
    for (const { message, transfer } of waited) worker.postMessage(message, transfer);
    const wasUnstarted = this.#unstarted !== undefined;
    this.#unstarted = undefined;
    if (wasUnstarted) this.#events.started();
    this.#settle();
  }

  #ended(end: WorkerEnd): void {
    this.#worker = undefined;
    this.#awaiting = undefined;
    if (!this.#hasRun && end.code !== undefined) {
      // Requests are answered with the failure. Only records wait.
      this.#waiting = this.#waiting.filter(({ message }) => message.kind !== 'request' && message.kind !== 'cancel');
      this.#unstarted = workerFailure('Could not start to record the session', end);
      this.#events.unstarted(this.#unstarted);
    } else {
      if (!this.#hasRun) this.#events.brokeDown(end);
      this.#hasRun = true;
      this.#unstarted = undefined;
      this.#events.ended();
    }
    this.#settle();
  }
}
