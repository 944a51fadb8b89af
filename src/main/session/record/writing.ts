import type { Failure, Result } from '#shared/failure.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import { fileFailure } from '../format/file-failure.ts';
import type { FromWriter, ToWriter, WriterRequest, WriterStart } from '../protocol.ts';
import { DiskSync } from './disk-sync.ts';
import { changedFailure } from './file-changes.ts';
import { FileWatch, openWatched } from './file-watch.ts';
import { KnownSockets } from './known-sockets.ts';
import type { LogFile } from './log-file.ts';
import { besidePath, type Damaged, type Mended, mendFile, replaceFile } from './mending.ts';
import { alreadyMoving, relocate } from './relocation.ts';
import { WriteQueue, type Written } from './write-queue.ts';

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
  readonly #sockets = new KnownSockets();
  readonly #cancelled = new Set<number>();
  readonly #timer: NodeJS.Timeout;
  readonly #sync = new DiskSync();
  readonly #path: string;
  readonly #startLength: number;
  #file: LogFile | undefined;
  #watch = new FileWatch(new Uint8Array(0));
  /** Why nothing is written now. */
  #failure: Failure | undefined;
  /** Something else uses the file: nothing may be written until that has ended. */
  #isPaused = false;
  #moving: Promise<void> | undefined;
  #movingId = 0;
  #end: () => void = () => {};

  constructor({ path, length }: WriterStart, send: Send) {
    this.#send = send;
    this.#path = path;
    this.#startLength = length;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    const failure = this.#open();
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
        this.#sockets.add(message.infos);
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
    if (this.#failure || this.#isPaused || this.#file === undefined) return;
    const failure = this.#queue.write(this.#file, this.#report) ?? this.#file.check();
    if (failure) this.#fail(failure);
  }

  readonly #report = ({ bytes, buffers }: Written): void => {
    this.#sync.isWanted = true;
    this.#send({ kind: 'written', length: this.#length, next: this.#next, bytes, buffers }, buffers);
  };

  get #length(): number {
    return this.#file?.length ?? this.#startLength;
  }

  get #next(): number {
    return this.#file?.next ?? 0;
  }

  #open(): Failure | undefined {
    const opened = openWatched(this.#path, this.#startLength);
    if (!opened.ok) return opened.error;
    this.#file = opened.value.file;
    this.#watch = opened.value.watch;
    return undefined;
  }

  #fail(failure: Failure): void {
    this.#failure = failure;
    this.#send({ kind: 'failed', error: failure, length: this.#length, next: this.#next });
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
    this.#moving = this.#regain().then((failure) => {
      this.#moving = undefined;
      this.#isPaused = false;
      this.#settle(failure);
    });
    await this.#moving;
    return this.#failure;
  }

  /** Repairs the file so that it can be appended to again, if possible. */
  async #regain(): Promise<Failure | undefined> {
    const file = this.#file;
    if (file === undefined) return this.#open();
    try {
      const found = file.whereabouts();
      // Never overwrite the other file.
      if (found === 'replaced') return changedFailure(file.tried, { kind: found });
      // A deleted file keeps its bytes while it is open here: it is created again from them.
      if (found !== 'here') return this.#relocate(file.path, 0);
      const overwritten = this.#watch.overwritten(file);
      if (overwritten) return overwritten;
      if (file.isChanged) return this.#adopt(await mendFile(this.#damaged(file)));
      file.truncate();
      this.#sync.isWanted = true;
      return undefined;
    } catch (error) {
      return fileFailure(file.tried, error);
    }
  }

  #damaged(file: LogFile): Damaged {
    return { file, head: this.#watch.head, next: file.next, sockets: this.#sockets.list() };
  }

  /** Continues in the file that was written again. */
  async #adopt(mended: Result<Mended>): Promise<Failure | undefined> {
    if (!mended.ok) return mended.error;
    const file = this.#file;
    this.#watch = new FileWatch(this.#watch.head);
    this.#sync.isWanted = true;
    this.#file = mended.value.file;
    this.#send({ kind: 'mended', path: this.#file.path, lost: mended.value.lost });
    if (this.#file === file) return undefined;
    await this.#sync.done;
    file?.abandon();
    return undefined;
  }

  #move(id: number, path: string, answer: (error: Failure | undefined) => void): void {
    if (this.#file === undefined || this.#moving) {
      answer(this.#failure ?? alreadyMoving(path));
      return;
    }
    this.#movingId = id;
    this.#moving = this.#relocate(path, id).then((failure) => {
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

  async #relocate(path: string, id: number): Promise<Failure | undefined> {
    const file = this.#file;
    if (file === undefined) return this.#failure;
    const isCancelled = () => this.#cancelled.has(id);
    const onProgress = (done: number, total: number) => this.#send({ kind: 'progress', id, done, total });
    if (file.isChanged || this.#watch.damage) {
      this.#isPaused = true;
      if (this.#watch.left(file) || this.#watch.overwritten(file))
        return this.#adopt(await replaceFile(this.#damaged(file), path, { isCancelled, onProgress }));
      const failure = file.isChanged ? await this.#adopt(await mendFile(this.#damaged(file))) : undefined;
      if (failure) return failure;
    }
    const moved = await relocate({
      file,
      path,
      hold: () => {
        this.#isPaused = true;
      },
      writeHere: () => this.#queue.write(file, this.#report),
      writeThere: (copy) => this.#queue.tryWrite(copy),
      isCancelled,
      onProgress,
    });
    if (!moved.ok) return moved.error;
    this.#send({ kind: 'moved', path });
    if (moved.value === file) return undefined;
    this.#file = moved.value;
    this.#queue.adopt(this.#report);
    await this.#sync.done;
    file.abandon();
    return undefined;
  }

  /** Continues with the result `failure`: failed, or writing what waits. */
  #settle(failure: Failure | undefined): void {
    const wasFailed = this.#failure !== undefined;
    this.#failure = undefined;
    if (failure) this.#fail(failure);
    else this.write();
    if (wasFailed && this.#failure === undefined) this.#send({ kind: 'resumed' });
  }

  /** Checks that the file and its place are unchanged, and syncs it to the disk. */
  #look(): void {
    const file = this.#file;
    if (this.#sync.done || this.#failure || this.#moving || file === undefined) return;
    const changed = file.check() ?? this.#watch.look(file);
    if (changed) this.#fail(changed);
    else
      this.#sync.run(file, (failure) => {
        if (this.#file === file && !this.#failure) this.#fail(failure);
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
    const damage = isWritten && this.#file && this.#watch.lookLast(this.#file);
    if (damage) this.#fail(damage);
    if (isWritten && !damage) await this.#writeLast(totals);
    else if (await this.#rescue()) await this.#writeLast(totals);
    await this.#sync.done;
    const unsynced = this.#failure ? undefined : this.#file?.close();
    const error = this.#failure ?? unsynced;
    const left = this.#failure && this.#file && this.#watch.left(this.#file);
    if (error)
      this.#send({ kind: 'failed', error, length: left?.at ?? this.#length, next: left?.record ?? this.#next });
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
    const file = this.#file;
    const path = file && this.#watch.left(file) && besidePath(file.path);
    if (!path) return false;
    this.#isPaused = true;
    const failure = await this.#relocate(path, 0);
    this.#isPaused = false;
    if (failure === undefined) this.#settle(undefined);
    return this.#failure === undefined;
  }
}
