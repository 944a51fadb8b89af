import type { Worker } from 'node:worker_threads';
import type { Failure } from '#shared/contract/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import type { FilledBlock } from './filling-block.ts';
import type { FromWriter, ToWriter, WriterStart } from './protocol.ts';
import type { RecorderOutput } from './recorder.ts';
import { Awaiting, startWorker, workerFailure } from './workers.ts';

export interface WriterEvents {
  /** `length` bytes of whole blocks are in the file, and all records below `next`. */
  written(length: number, next: number, bytes: number, buffers: ArrayBuffer[]): void;
  /** Recording has ended; `length` and `next` as above. Comes once at most. */
  failed(error: Failure, length: number, next: number): void;
}

/** The engine's side of the writer worker. */
export class WriterClient implements RecorderOutput {
  readonly #worker: Worker;
  readonly #events: WriterEvents;
  readonly #awaiting: Awaiting;
  readonly #flushes = new Map<number, () => void>();
  #lastFlush = 0;
  #closed: (() => void) | undefined;
  #gone = false;
  #length: number;
  #next = 0;

  constructor(start: WriterStart, events: WriterEvents) {
    this.#events = events;
    this.#length = start.length;
    this.#worker = startWorker('log-writer', start);
    this.#awaiting = new Awaiting(this.#worker);
    this.#worker.on('message', (message: FromWriter) => this.#take(message));
    this.#worker.on('error', (error) => this.#brokeDown(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', () => this.#ended());
  }

  sockets(infos: SocketInfo[]): void {
    this.#post({ kind: 'sockets', infos });
  }

  records(block: FilledBlock): void {
    this.#post({ kind: 'records', block }, [block.buffer]);
  }

  awaited(is: boolean): void {
    // Sockets that are not read from would not keep the process running either.
    if (is) this.#awaiting.begin();
    else this.#awaiting.end();
  }

  /** Resolves when all that was handed over before is in the file, or can no longer come there. */
  flush(): Promise<void> {
    if (this.#gone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#lastFlush += 1;
      this.#flushes.set(this.#lastFlush, resolve);
      this.#awaiting.begin();
      this.#post({ kind: 'flush', id: this.#lastFlush });
    });
  }

  /** Ends the file in order, with `totals`; resolves when the worker is gone. */
  close(totals: SessionTotals): Promise<void> {
    if (this.#gone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#awaiting.begin();
      this.#post({ kind: 'close', totals });
    });
  }

  #post(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    if (!this.#gone) this.#worker.postMessage(message, transfer);
  }

  #take(message: FromWriter): void {
    switch (message.kind) {
      case 'written':
        this.#length = message.length;
        this.#next = message.next;
        this.#events.written(message.length, message.next, message.bytes, message.buffers);
        break;
      case 'flushed':
        this.#flushes.get(message.id)?.();
        if (this.#flushes.delete(message.id)) this.#awaiting.end();
        break;
      case 'failed':
        this.#events.failed(message.error, message.length, message.next);
        break;
      case 'closed':
        break;
    }
  }

  #brokeDown(system: string): void {
    this.#gone = true;
    const error = workerFailure('The session can no longer be recorded: its writer broke down', system);
    this.#events.failed(error, this.#length, this.#next);
  }

  #ended(): void {
    // An exit that nobody asked for and no error explains.
    if (this.#closed === undefined && !this.#gone) this.#brokeDown('it ended');
    this.#gone = true;
    for (const resolve of this.#flushes.values()) resolve();
    this.#flushes.clear();
    this.#closed?.();
  }
}
