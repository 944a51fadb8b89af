import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Failure } from '#shared/failure.ts';
import type { SessionTotals } from '#shared/record/session-json.ts';
import { RecordedFile } from './recorded-file.ts';
import { alreadyMoving } from './relocation.ts';
import { maxBatchBytes, WriteQueue, type Written } from './write-queue.ts';
import type { FromWriter, ToWriter, WriterRequest, WriterStart } from './writer-thread.ts';

/** How often the file is checked and what was written is synced to the disk. */
const lookEveryMs = 1_000;

type Send = (message: FromWriter, transfer?: ArrayBuffer[]) => void;

/**
 * Writes a session's file, in order, until writing fails; then it keeps everything until writing succeeds again, in the
 * same place or another one.
 */
export class Writing {
  /** Resolves when the file is closed. */
  readonly ended: Promise<void>;
  readonly #send: Send;
  readonly #queue = new WriteQueue();
  readonly #cancelled = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  readonly #file: RecordedFile;
  /** Why nothing is written now. */
  #failure: Failure | undefined;
  /** Something else uses the file: nothing may be written until that has ended. */
  #isPaused = false;
  #moving: Promise<void> | undefined;
  #movingId = 0;
  #end: () => void = () => {};

  constructor(start: WriterStart, send: Send) {
    this.#send = send;
    this.#file = new RecordedFile(start, {
      queue: this.#queue,
      report: this.#report,
      hold: () => {
        this.#isPaused = true;
      },
      moved: (path) => send({ kind: 'moved', path }),
      mended: (path, lost) => send({ kind: 'mended', path, lost }),
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    const failure = this.#file.open();
    if (failure) this.#fail(failure);
  }

  /** The waiting bytes that can be written: there is no point in waiting for more. */
  get pending(): number {
    return this.#failure || this.#isPaused ? 0 : this.#queue.bytes;
  }

  /** Processes one message. Its data is written by the next `write`. */
  take(message: ToWriter): void {
    switch (message.kind) {
      case 'records':
        this.#queue.records(message.block);
        break;
      case 'reads':
        this.#queue.reads(message.reads);
        break;
      case 'sockets':
        this.#file.describe(message.infos);
        this.#queue.sockets(message.infos);
        break;
      case 'request':
        this.#request(message.id, message.request);
        break;
      case 'cancel':
        if (message.id === this.#movingId) this.#cancelled.add(message.id);
        break;
      case 'close':
        void this.#close(message.totals);
        break;
    }
  }

  /** Writes everything that waits, if possible. */
  write(): void {
    if (this.#failure || this.#isPaused) return;
    const failure = this.#file.write();
    if (failure) this.#fail(failure);
  }

  readonly #report = ({ bytes, buffers }: Written): void => {
    const { length, next } = this.#file;
    this.#file.written();
    this.#send({ kind: 'written', length, next, bytes, buffers }, buffers);
  };

  #fail(failure: Failure): void {
    this.#failure = failure;
    this.#send({ kind: 'failed', error: failure, length: this.#file.length, next: this.#file.next });
    this.#queue.refuse(failure);
  }

  #request(id: number, request: WriterRequest): void {
    const answer = (error: Failure | undefined) => this.#send({ kind: 'answer', id, error });
    if (request.kind === 'retry') {
      void this.#retry().then(answer);
      return;
    }
    if (request.kind === 'move') {
      this.#move(id, request.path, answer);
      return;
    }
    // While the file cannot be written, requests are not queued: they are answered with the failure, and may be repeated.
    if (this.#failure) answer(this.#failure);
    else if (request.kind === 'marks') this.#queue.marks(request.marks, answer);
    else if (request.kind === 'settings') this.#queue.settings(request.settings, answer);
    else this.#queue.whenWritten(answer);
  }

  async #retry(): Promise<Failure | undefined> {
    if (this.#failure === undefined || this.#moving) return this.#failure;
    this.#isPaused = true;
    this.#moving = this.#file.regain().then((failure) => {
      this.#moving = undefined;
      this.#isPaused = false;
      this.#settle(failure);
    });
    await this.#moving;
    return this.#failure;
  }

  #move(id: number, path: string, answer: (error: Failure | undefined) => void): void {
    if (!this.#file.isOpen || this.#moving) {
      answer(this.#failure ?? alreadyMoving(path));
      return;
    }
    this.#movingId = id;
    const isCancelled = () => this.#cancelled.has(id);
    const onProgress = (done: number, total: number) => this.#send({ kind: 'progress', id, done, total });
    this.#moving = this.#file.relocate(path, { isCancelled, onProgress }).then((failure) => {
      this.#moving = undefined;
      this.#movingId = 0;
      this.#isPaused = false;
      this.#cancelled.delete(id);
      // A failed move changes nothing about the old place.
      if (failure === undefined) this.#settle(undefined);
      else this.write();
      answer(failure);
    });
  }

  /** Continues with the result `failure`: failed, or writing what waits. */
  #settle(failure: Failure | undefined): void {
    const wasFailed = this.#failure !== undefined;
    this.#failure = undefined;
    if (failure) this.#fail(failure);
    else this.write();
    if (wasFailed && this.#failure === undefined) this.#send({ kind: 'resumed' });
  }

  #look(): void {
    if (this.#failure || this.#moving) return;
    this.#file.look((failure) => {
      if (!this.#failure) this.#fail(failure);
    });
  }

  async #close(totals: SessionTotals): Promise<void> {
    clearInterval(this.#timer);
    if (this.#moving) {
      // A repair in progress is not cancelled: the recorded data is nowhere else.
      if (this.#movingId > 0) this.#cancelled.add(this.#movingId);
      await this.#moving;
    }
    // The last chance to write what could not be written.
    const isWritten = await this.#writeLast();
    const damage = isWritten && this.#file.lookLast();
    if (damage) this.#fail(damage);
    if (isWritten && !damage) await this.#writeLast(totals);
    else if (await this.#rescue()) await this.#writeLast(totals);
    await this.#file.synced;
    const unsynced = this.#failure ? undefined : this.#file.close();
    const error = this.#failure ?? unsynced;
    const { length, next, left } = this.#file;
    const end = this.#failure && left ? { length: left.at, next: left.record } : { length, next };
    if (error) this.#send({ kind: 'failed', error, ...end });
    this.#send({ kind: 'closed' });
    this.#end();
  }

  /** Writes everything that waits, and the end block if there are `totals`; tries twice. Returns true on success. */
  async #writeLast(totals?: SessionTotals): Promise<boolean> {
    if (totals) this.#queue.end(totals);
    this.write();
    await this.#retry();
    return this.#failure === undefined;
  }

  /** Writes the session to a new file beside its place if another file is there. Returns true on success. */
  async #rescue(): Promise<boolean> {
    const wasPaused = this.#isPaused;
    this.#isPaused = true;
    const failure = await this.#file.rescue();
    this.#isPaused = failure === false && wasPaused;
    if (failure === false) return false;
    if (failure === undefined) this.#settle(undefined);
    return this.#failure === undefined;
  }
}

// The worker that appends to the session file. Nothing else writes to the file while it is live.

const port = parentPort;
if (port === null) throw new Error('log-writer runs as a worker');
port.postMessage({ kind: 'running' } satisfies FromWriter);
const writing = new Writing(workerData as WriterStart, (message: FromWriter, transfer: ArrayBuffer[] = []) =>
  port.postMessage(message, transfer),
);

port.on('message', (message: ToWriter) => {
  // Everything that waits is written as one batch.
  for (let now: ToWriter | undefined = message; now !== undefined; ) {
    writing.take(now);
    if (writing.pending >= maxBatchBytes || now.kind === 'close') break;
    now = receiveMessageOnPort(port)?.message as ToWriter | undefined;
  }
  writing.write();
});

void writing.ended.then(() => port.close());
