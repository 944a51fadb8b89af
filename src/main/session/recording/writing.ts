import type { Failure, Result } from '#shared/failure.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import { fileFailure } from '../file-failure.ts';
import type { FromWriter, ToWriter, WriterRequest, WriterStart } from '../protocol.ts';
import { DiskSync } from './disk-sync.ts';
import { changedFailure } from './file-changes.ts';
import { FileWatch } from './file-watch.ts';
import { KnownSockets } from './known-sockets.ts';
import { LogFile } from './log-file.ts';
import { besidePath, type Damaged, type Mended, mendFile, replaceFile } from './mending.ts';
import { relocate } from './relocation.ts';
import { WriteQueue, type Written } from './write-queue.ts';

/** How often it is looked after the file, and what was written is brought to the disk, where power is what fails. */
const lookEveryMs = 1_000;

type Send = (message: FromWriter, transfer?: ArrayBuffer[]) => void;

/**
 * Writes a session's file: what it is given, in order, until it cannot; then it keeps what is left and what comes until
 * it can again, there or in another place.
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
  /** Something else has the file in hand: nothing is to be written until it is done. */
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

  /** Bytes that are to be written and can be: nothing is gained by waiting for more. */
  get pending(): number {
    return this.#failure || this.#isPaused ? 0 : this.#queue.bytes;
  }

  /** Takes one message. What it brings is written with the next `write`. */
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

  /** Writes all that waits, if it can. */
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
    try {
      const file = new LogFile(this.#path, this.#startLength);
      const head = new Uint8Array(this.#startLength);
      file.readInto(head, 0);
      this.#watch = new FileWatch(head);
      this.#file = file;
      return undefined;
    } catch (error) {
      return fileFailure(`Could not record to “${this.#path}”`, error);
    }
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
    // What waits for the disk's cure is not kept: whoever asked is told, and may ask again.
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

  /** Makes the file one that can be appended to again, if that is possible. */
  async #regain(): Promise<Failure | undefined> {
    const file = this.#file;
    if (file === undefined) return this.#open();
    try {
      const found = file.whereabouts();
      // It is never replaced.
      if (found === 'replaced') return changedFailure(file.tried, { kind: found });
      // It was deleted, but as long as it is open here its bytes are there: it is made again from them.
      if (found !== 'here') return this.#relocate(file.path, 0);
      const overwritten = this.#watch.overwritten(file);
      if (overwritten) return overwritten;
      if (file.isChanged) return this.#adopt(await mendFile(this.#damaged(file)));
      file.cut();
      this.#sync.isWanted = true;
      return undefined;
    } catch (error) {
      return fileFailure(file.tried, error);
    }
  }

  #damaged(file: LogFile): Damaged {
    return { file, head: this.#watch.head, next: file.next, sockets: this.#sockets.list() };
  }

  /** Goes on in the file that was written again. */
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
      const message = `Could not move the session to “${path}”`;
      const hint = 'Wait until that is done.';
      answer(this.#failure ?? { code: 'wrong-state', message, system: 'it is being moved already', hint });
      return;
    }
    this.#movingId = id;
    this.#moving = this.#relocate(path, id).then((failure) => {
      this.#moving = undefined;
      this.#movingId = 0;
      this.#isPaused = false;
      this.#cancelled.delete(id);
      // A place that cannot be had changes nothing about the old one.
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

  /** Goes on as `failure` says: failed, or writing what waits. */
  #settle(failure: Failure | undefined): void {
    if (failure) {
      this.#fail(failure);
      return;
    }
    const wasFailed = this.#failure !== undefined;
    this.#failure = undefined;
    this.write();
    if (wasFailed && this.#failure === undefined) this.#send({ kind: 'resumed' });
  }

  /** Looks whether the file is what was written and where it was, and brings it to the disk. */
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
      // A file that is being made again is not given up: what was recorded is nowhere else.
      if (this.#movingId > 0) this.#cancelled.add(this.#movingId);
      await this.#moving;
    }
    // The last moment to write what could not be written.
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

  /** Writes all that waits, and the end block where there are `totals`; tries twice. True where that could be done. */
  async #writeLast(totals?: SessionTotals): Promise<boolean> {
    if (totals) this.#queue.end(totals);
    this.write();
    await this.#retry();
    return this.#failure === undefined;
  }

  /** Writes the session beside the file that is in its place, if there is one. True where that could be done. */
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
