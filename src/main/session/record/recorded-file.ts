import type { Failure, Result } from '#shared/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import { fileFailure } from '../format/failures.ts';
import { changedFailure } from './file-changes.ts';
import { type Damage, FileWatch } from './file-check.ts';
import { LogFile } from './log-file.ts';
import { besidePath, type Copying, type Damaged, type Mended, mendFile, replaceFile } from './mending.ts';
import { relocate } from './relocation.ts';
import type { WriteQueue, Written } from './write-queue.ts';
import type { WriterStart } from './writer-thread.ts';

/** What a `RecordedFile` needs of the rest of the writer. */
interface RecordedFileUse {
  readonly queue: WriteQueue;
  report(written: Written): void;
  /** Pauses writing until the present repair or move has ended. */
  hold(): void;
  /** The file has moved; nothing was written to the new place yet. */
  moved(path: string): void;
  /** The file was written again, and `lost` records are missing from it. */
  mended(path: string, lost: number): void;
}

const uncontrolled: Copying = { isCancelled: () => false, onProgress: () => undefined };

/** The session file that is recorded to, which other programs may change, replace or remove. */
export class RecordedFile {
  readonly #start: WriterStart;
  readonly #use: RecordedFileUse;
  readonly #sockets = new KnownSockets();
  readonly #sync = new DiskSync();
  #file: LogFile | undefined;
  #watch = new FileWatch(new Uint8Array(0));

  constructor(start: WriterStart, use: RecordedFileUse) {
    this.#start = start;
    this.#use = use;
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  get length(): number {
    return this.#file?.length ?? this.#start.length;
  }

  /** The number that the next record will have. */
  get next(): number {
    return this.#file?.next ?? 0;
  }

  /** Resolves when the current sync ends; `undefined` without one. */
  get synced(): Promise<void> | undefined {
    return this.#sync.done;
  }

  /** How far the session can be read, if its content or its place is no longer ours. */
  get left(): Damage | undefined {
    return this.#file && this.#watch.left(this.#file);
  }

  /** Remembers sockets, for a file that must be written again. */
  describe(infos: readonly SocketInfo[]): void {
    this.#sockets.add(infos);
  }

  /** Opens the file; returns why it cannot be recorded to. */
  open(): Failure | undefined {
    const { path, length } = this.#start;
    try {
      const file = new LogFile(path, length);
      const head = new Uint8Array(length);
      file.readInto(head, 0);
      this.#file = file;
      this.#watch = new FileWatch(head);
      return undefined;
    } catch (error) {
      return fileFailure(`Could not record to “${path}”`, error);
    }
  }

  /** Writes everything that waits, and checks the file. */
  write(): Failure | undefined {
    const { queue, report } = this.#use;
    return this.#file && (queue.write(this.#file, report) ?? this.#file.check());
  }

  /** Notes that something was written, which the next `look` syncs to the disk. */
  written(): void {
    this.#sync.isWanted = true;
  }

  /** Checks that the file and its place are unchanged, and syncs it to the disk. Passes failures to `failed`. */
  look(failed: (failure: Failure) => void): void {
    const file = this.#file;
    if (this.#sync.done || file === undefined) return;
    const changed = file.check() ?? this.#watch.look(file);
    if (changed) failed(changed);
    else
      this.#sync.run(file, (failure) => {
        if (this.#file === file) failed(failure);
      });
  }

  /** Compares the whole file with what was written; returns the failure if it is damaged. */
  lookLast(): Failure | undefined {
    return this.#file && this.#watch.lookLast(this.#file);
  }

  /** Repairs the file so that it can be appended to again, if possible. */
  async regain(): Promise<Failure | undefined> {
    const file = this.#file;
    if (file === undefined) return this.open();
    try {
      const found = file.whereabouts();
      // Never overwrite the other file.
      if (found === 'replaced') return changedFailure(file.tried, { kind: found });
      // A deleted file keeps its bytes while it is open here: it is created again from them.
      if (found !== 'here') return this.relocate(file.path);
      const overwritten = this.#watch.overwritten(file);
      if (overwritten) return overwritten;
      if (file.isChanged) return this.#adopt(await mendFile(this.#damaged(file)));
      file.truncate();
      this.written();
      return undefined;
    } catch (error) {
      return fileFailure(file.tried, error);
    }
  }

  /** Moves the session to `path`, where recording continues. */
  async relocate(path: string, copying = uncontrolled): Promise<Failure | undefined> {
    const file = this.#file;
    if (file === undefined) return undefined;
    const { queue, report, hold } = this.#use;
    if (file.isChanged || this.#watch.damage) {
      hold();
      if (this.#watch.left(file) || this.#watch.overwritten(file))
        return this.#adopt(await replaceFile(this.#damaged(file), path, copying));
      const failure = file.isChanged ? await this.#adopt(await mendFile(this.#damaged(file))) : undefined;
      if (failure) return failure;
    }
    const writeHere = () => queue.write(file, report);
    const writeThere = (copy: LogFile) => queue.tryWrite(copy);
    const moved = await relocate({ file, path, hold, writeHere, writeThere, ...copying });
    if (!moved.ok) return moved.error;
    this.#use.moved(path);
    if (moved.value === file) return undefined;
    this.#file = moved.value;
    queue.adopt(report);
    await this.#sync.done;
    file.abandon();
    return undefined;
  }

  /** Moves the session to a new file beside its place if another file is there. Returns false if that is not so. */
  async rescue(): Promise<Failure | undefined | false> {
    const path = this.#file && this.left && besidePath(this.#file.path);
    return path ? this.relocate(path) : false;
  }

  close(): Failure | undefined {
    return this.#file?.close();
  }

  #damaged(file: LogFile): Damaged {
    return { file, head: this.#watch.head, next: file.next, sockets: this.#sockets.list() };
  }

  /** Continues in the file that was written again. */
  async #adopt(mended: Result<Mended>): Promise<Failure | undefined> {
    if (!mended.ok) return mended.error;
    const file = this.#file;
    this.#watch = new FileWatch(this.#watch.head);
    this.written();
    this.#file = mended.value.file;
    this.#use.mended(this.#file.path, mended.value.lost);
    if (this.#file === file) return undefined;
    await this.#sync.done;
    file?.abandon();
    return undefined;
  }
}

/** Syncs a file to the disk, one sync at a time. */
class DiskSync {
  /** True if something was written since the last sync began. */
  isWanted = false;
  #done: Promise<void> | undefined;

  /** Resolves when the current sync ends; `undefined` without one. */
  get done(): Promise<void> | undefined {
    return this.#done;
  }

  /** Starts a sync if one is wanted and none is running. Passes a failure to `failed`. */
  run(file: LogFile, failed: (failure: Failure) => void): void {
    if (!this.isWanted || this.#done) return;
    this.isWanted = false;
    this.#done = new Promise((resolve) => {
      file.sync((failure) => {
        this.#done = undefined;
        if (failure) failed(failure);
        resolve();
      });
    });
  }
}

/** The descriptions of a session's newest sockets, for a file that must be written again. */
class KnownSockets {
  readonly #infos = new Map<number, SocketInfo>();

  add(infos: readonly SocketInfo[]): void {
    for (const info of infos) {
      this.#infos.delete(info.id);
      this.#infos.set(info.id, info);
    }
    for (const id of this.#infos.keys()) {
      if (this.#infos.size <= maxKnown) return;
      this.#infos.delete(id);
    }
  }

  list(): SocketInfo[] {
    return [...this.#infos.values()];
  }
}

/** The oldest sockets beyond this number are not described again. */
const maxKnown = 10_000;
