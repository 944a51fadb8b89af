import type { Failure } from '#shared/failure.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import { fileFailure } from '../file-failure.ts';
import type { FromWriter, ToWriter, WriterRequest, WriterStart } from '../protocol.ts';
import { KnownSockets } from './known-sockets.ts';
import { LogFile } from './log-file.ts';
import { besidePath, isNotOurs, mendFile, replaceFile } from './mending.ts';
import { relocate } from './relocation.ts';
import { WriteQueue, type Written } from './write-queue.ts';

/** How often what was written is brought to the disk, where power is what fails. */
const syncEveryMs = 1_000;

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
  readonly #syncTimer: NodeJS.Timeout;
  readonly #path: string;
  readonly #startLength: number;
  #file: LogFile | undefined;
  /** The block that the file begins with. */
  #head = new Uint8Array(0);
  /** Why nothing is written now. */
  #failure: Failure | undefined;
  /** Something else has the file in hand: nothing is to be written until it is done. */
  #carryOver = false;
  #moving: Promise<void> | undefined;
  #movingId = 0;
  #dirty = false;
  #syncing: Promise<void> | undefined;
  #end: () => void = () => {};

  constructor({ path, length }: WriterStart, send: Send) {
    this.#send = send;
    this.#path = path;
    this.#startLength = length;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#syncTimer = setInterval(() => this.#sync(), syncEveryMs);
    const failure = this.#open();
    if (failure) this.#fail(failure);
  }

  /** Bytes that are to be written and can be: nothing is gained by waiting for more. */
  get pending(): number {
    return this.#failure || this.#carryOver ? 0 : this.#queue.bytes;
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
    if (this.#failure || this.#carryOver || this.#file === undefined) return;
    const failure = this.#queue.write(this.#file, this.#report) ?? this.#file.check();
    if (failure) this.#fail(failure);
  }

  readonly #report = ({ bytes, buffers }: Written): void => {
    this.#dirty = true;
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
      this.#head = new Uint8Array(this.#startLength);
      file.readInto(this.#head, 0);
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
    this.#carryOver = true;
    this.#moving = this.#regain().then((failure) => {
      this.#moving = undefined;
      this.#carryOver = false;
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
      if (file.isAt(file.path)) {
        if (file.isChanged) return this.#mend();
        file.cut();
        this.#dirty = true;
        return undefined;
      }
    } catch (error) {
      return fileFailure(`Could not record to “${file.path}”`, error);
    }
    // It was deleted, but as long as it is open here its bytes are there: it is made again from them.
    return this.#relocate(file.path, 0);
  }

  /** Writes the file again that another program has changed: at its place, or at `path` where that one is not ours. */
  async #mend(path?: string): Promise<Failure | undefined> {
    const file = this.#file;
    if (file === undefined) return this.#failure;
    const damaged = { file, head: this.#head, next: file.next, sockets: this.#sockets.list() };
    const mended = path === undefined ? await mendFile(damaged) : replaceFile(damaged, path);
    if (!mended.ok) return mended.error;
    this.#dirty = true;
    this.#file = mended.value.file;
    this.#send({ kind: 'mended', path: this.#file.path, lost: mended.value.lost });
    if (this.#file === file) return undefined;
    await this.#syncing;
    file.abandon();
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
      this.#carryOver = false;
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
    if (file.isChanged) {
      this.#carryOver = true;
      if (isNotOurs(file, this.#head)) return this.#mend(path);
      const failure = await this.#mend();
      if (failure) return failure;
    }
    const moved = await relocate({
      file,
      path,
      hold: () => {
        this.#carryOver = true;
      },
      writeHere: () => this.#queue.write(file, this.#report),
      writeThere: (copy) => this.#queue.tryWrite(copy),
      isCancelled: () => this.#cancelled.has(id),
      onProgress: (done, total) => this.#send({ kind: 'progress', id, done, total }),
    });
    if (!moved.ok) return moved.error;
    this.#send({ kind: 'moved', path });
    if (moved.value === file) return undefined;
    this.#file = moved.value;
    this.#queue.adopt(this.#report);
    await this.#syncing;
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

  #sync(): void {
    const file = this.#file;
    if (this.#syncing || this.#failure || this.#moving || file === undefined) return;
    const changed = file.check();
    if (changed) {
      this.#fail(changed);
      return;
    }
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#syncing = new Promise((resolve) => {
      file.sync((failure) => {
        this.#syncing = undefined;
        if (failure && this.#file === file && !this.#failure) this.#fail(failure);
        resolve();
      });
    });
  }

  async #close(totals: SessionTotals): Promise<void> {
    clearInterval(this.#syncTimer);
    if (this.#moving) {
      // A file that is being made again is not given up: what was recorded is nowhere else.
      if (this.#movingId > 0) this.#cancelled.add(this.#movingId);
      await this.#moving;
    }
    // The last moment to write what could not be written.
    if (await this.#writeLast()) await this.#writeLast(totals);
    else if (await this.#rescue()) await this.#writeLast(totals);
    await this.#syncing;
    const unsynced = this.#failure ? undefined : this.#file?.close();
    const error = this.#failure ?? unsynced;
    const [length, next] = this.#failure && this.#isLost ? [0, 0] : [this.#length, this.#next];
    if (error) this.#send({ kind: 'failed', error, length, next });
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

  /** True where what was written is not at the session's place, and nowhere else once the file is closed. */
  get #isLost(): boolean {
    return this.#file !== undefined && isNotOurs(this.#file, this.#head);
  }

  /** Writes the session beside the file that is in its place, if there is one. True where that could be done. */
  async #rescue(): Promise<boolean> {
    const path = this.#isLost && this.#file && besidePath(this.#file.path);
    if (!path) return false;
    this.#carryOver = true;
    const failure = await this.#relocate(path, 0);
    this.#carryOver = false;
    if (failure === undefined) this.#settle(undefined);
    return this.#failure === undefined;
  }
}
