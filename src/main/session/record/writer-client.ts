import type { Failure } from '#shared/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SessionTotals } from '#shared/record/session-json.ts';
import type { FilledBlock } from '../format/filling-block.ts';
import type { FilledReads } from '../format/filling-reads.ts';
import { type JobOptions, type WorkerEnd, workerFailure } from '../threads.ts';
import type { RecorderOutput } from './recorder-output.ts';
import { type FromWriter, type ToWriter, type WriterRequest, type WriterStart, WriterThread } from './writer-thread.ts';

interface WriterEvents {
  /** `length` bytes of whole blocks are in the file, and all records below `next`. */
  written(length: number, next: number, bytes: number, buffers: ArrayBuffer[]): void;
  /** The file cannot be written; `length` and `next` as above. What is handed over waits until `resumed`. */
  failed(error: Failure, length: number, next: number): void;
  /** Everything that waited is written, and writing continues. */
  resumed(): void;
  /** The file has moved to `path`, where writing continues. */
  moved(path: string): void;
  /** The file was written again, at `path`, after another program had changed it: `lost` records are not in it. */
  mended(path: string, lost: number): void;
  /** The writer crashed: what was not written is lost. */
  lost(error: Failure): void;
}

interface Asked {
  readonly answer: (failure: Failure | undefined) => void;
  readonly onProgress: JobOptions['onProgress'];
}

const brokenDown = 'The session can no longer be recorded: its writer broke down';

/** The engine's side of the writer worker. */
export class WriterClient implements RecorderOutput {
  readonly #thread: WriterThread;
  readonly #events: WriterEvents;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #closed: (() => void) | undefined;
  #gone: Failure | undefined;

  constructor(start: WriterStart, events: WriterEvents) {
    this.#events = events;
    this.#thread = new WriterThread(start, {
      message: (message) => this.#take(message),
      unstarted: (failure) => this.#unstarted(failure, start.length),
      started: () => events.resumed(),
      brokeDown: (end) => this.#brokeDown(end),
      ended: () => this.#ended(),
    });
  }

  sockets(infos: SocketInfo[]): void {
    this.#post({ kind: 'sockets', infos });
  }

  reads(reads: FilledReads): void {
    this.#post({ kind: 'reads', reads }, [reads.buffer]);
  }

  records(block: FilledBlock): void {
    this.#post({ kind: 'records', block }, [block.buffer]);
  }

  awaited(is: boolean): void {
    // Paused sockets would not keep the process running either.
    this.#thread.awaited(is);
  }

  /** Sends the writer a request, processed after everything handed over before; returns its failure, if any. */
  async ask(request: WriterRequest, { signal, onProgress }: JobOptions = {}): Promise<Failure | undefined> {
    if (this.#gone) return this.#gone;
    // Without its thread nothing else can answer. Once it runs, the same request reports the state of its file.
    const unstarted = request.kind === 'retry' ? await this.#thread.start() : this.#thread.failure;
    if (unstarted) return unstarted;
    this.#lastId += 1;
    const id = this.#lastId;
    const cancel = () => this.#post({ kind: 'cancel', id });
    const failure = await new Promise<Failure | undefined>((answer) => {
      this.#asked.set(id, { answer, onProgress });
      this.#thread.awaited(true);
      this.#post({ kind: 'request', id, request });
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
    });
    signal?.removeEventListener('abort', cancel);
    return failure;
  }

  /** Ends the file properly, with `totals`; resolves when the worker has ended. */
  async close(totals: SessionTotals): Promise<void> {
    // The last chance to start it: connections that used the descriptors are closed now.
    const unstarted = (await this.#thread.start()) && (await this.#thread.start());
    if (this.#gone || unstarted) return;
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#thread.awaited(true);
      this.#post({ kind: 'close', totals });
    });
  }

  #post(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    if (!this.#gone) this.#thread.post(message, transfer);
  }

  #take(message: FromWriter): void {
    switch (message.kind) {
      case 'written':
        this.#events.written(message.length, message.next, message.bytes, message.buffers);
        break;
      case 'answer': {
        const asked = this.#asked.get(message.id);
        if (this.#asked.delete(message.id)) this.#thread.awaited(false);
        asked?.answer(message.error);
        break;
      }
      case 'progress':
        this.#asked.get(message.id)?.onProgress?.(message.done, message.total);
        break;
      case 'moved':
        this.#events.moved(message.path);
        break;
      case 'mended':
        this.#events.mended(message.path, message.lost);
        break;
      case 'failed':
        this.#events.failed(message.error, message.length, message.next);
        break;
      case 'resumed':
        this.#events.resumed();
        break;
      case 'closed':
      case 'running':
        break;
    }
  }

  /** Notes that nothing is written: everything handed over waits. */
  #unstarted(failure: Failure, length: number): void {
    this.#answerAll(failure);
    this.#events.failed(failure, length, 0);
  }

  #answerAll(failure: Failure): void {
    for (const { answer } of this.#asked.values()) {
      this.#thread.awaited(false);
      answer(failure);
    }
    this.#asked.clear();
  }

  #brokeDown(end: WorkerEnd): void {
    this.#gone = workerFailure(brokenDown, end);
    this.#events.lost(this.#gone);
  }

  #ended(): void {
    // The worker exited without a request and without an error.
    if (this.#closed === undefined && !this.#gone) this.#brokeDown({ system: 'it ended' });
    this.#gone ??= workerFailure('The session is not recorded any more', { system: 'its writer has ended' });
    this.#answerAll(this.#gone);
    this.#closed?.();
  }
}
