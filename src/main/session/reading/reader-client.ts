import type { Worker } from 'node:worker_threads';
import type { Failure, Result } from '#shared/failure.ts';
import { cancelled } from '../file-failure.ts';
import type { FromReader, OpenedView, ReaderCall, ReaderCalls, ReaderStart, ToReader } from '../protocol.ts';
import type { FilterProgress, TaskOptions } from '../session.ts';
import { Awaiting, startWorker, workerFailure } from '../workers.ts';

type Answer = Result<ReaderCalls[ReaderCall]['output']>;

interface Pending {
  readonly answer: (result: Answer) => void;
  readonly onProgress: TaskOptions['onProgress'];
}

export interface ReaderEvents {
  changed(view: OpenedView): void;
  filters(statuses: FilterProgress[]): void;
}

/** The engine's side of the reader worker, which is started with the first question. */
export class ReaderClient {
  #start: ReaderStart;
  readonly #events: ReaderEvents;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #awaiting: Awaiting | undefined;
  #lastId = 0;

  constructor(start: ReaderStart, events: ReaderEvents) {
    this.#start = start;
    this.#events = events;
  }

  /** Asks one question. Answers also where the worker breaks down; the next question starts another one. */
  async ask<Call extends ReaderCall>(
    kind: Call,
    input: ReaderCalls[Call]['input'],
    options: TaskOptions = {},
  ): Promise<Result<ReaderCalls[Call]['output']>> {
    const worker = this.#running();
    this.#lastId += 1;
    const id = this.#lastId;
    const cancel = () => worker.postMessage({ kind: 'cancel', id } satisfies ToReader);
    const result = await new Promise<Answer>((answer) => {
      this.#pending.set(id, { answer, onProgress: options.onProgress });
      this.#awaiting?.begin();
      worker.postMessage({ kind, id, input });
      if (options.signal?.aborted) cancel();
      options.signal?.addEventListener('abort', cancel, { once: true });
    });
    options.signal?.removeEventListener('abort', cancel);
    // Each answer is of its question's type: both are named by `kind` in `ReaderCalls`.
    return result as Result<ReaderCalls[Call]['output']>;
  }

  /** The file, with all that was in it, is at `path` now: what is asked from here on is read there. */
  moved(path: string): void {
    this.#start = { ...this.#start, path };
    if (this.#worker === undefined) return;
    void this.ask('reopen', { path }).then((reopened) => {
      // A new worker, if one is wanted, opens the new file.
      if (!reopened.ok) void this.close();
    });
  }

  /** The file at `path` is another one, or was written again: what is asked from here on is read there, from its start. */
  restart(path: string): void {
    this.#start = { ...this.#start, path };
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.removeAllListeners();
    this.#answerAll(cancelled('Reading the session'));
    void worker.terminate();
  }

  /** Stops the worker; what it was asked meanwhile is answered with a failure. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = startWorker('log-reader', this.#start);
    this.#worker = worker;
    this.#awaiting = new Awaiting(worker);
    let why = 'it was stopped';
    worker.on('message', (message: FromReader) => this.#take(message));
    worker.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => this.#ended(why));
    return worker;
  }

  #take(message: FromReader): void {
    if (message.kind === 'changed') {
      this.#events.changed(message.view);
      return;
    }
    if (message.kind === 'filters') {
      this.#events.filters(message.statuses);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.kind === 'progress') {
      pending?.onProgress?.(message.done, message.total);
      return;
    }
    this.#pending.delete(message.id);
    this.#awaiting?.end();
    pending?.answer(message.result);
  }

  #ended(why: string): void {
    this.#answerAll(workerFailure('The session could not be read: its reader ended', why));
  }

  /** Answers what the worker, which is gone, was asked. */
  #answerAll(error: Failure): void {
    this.#worker = undefined;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) pending.answer({ ok: false, error });
  }
}
