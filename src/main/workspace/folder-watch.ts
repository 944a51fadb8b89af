import fs from 'node:fs';
import { join } from 'node:path';

/*
 * The system's notices say when to look, and a scan says what changed: notices may be missing, doubled or late, and a scan of
 * 2 000 documents takes a few milliseconds. One watch per folder is enough for that. Network drives send none: the slow
 * poll finds their changes.
 */

/** A batch ends when nothing has changed for this time … */
const quietMs = 100;
/** … or after this one, counted from its first change. A `git checkout` of thousands of files takes less. */
const maxDelayMs = 2_000;
const pollMs = 10_000;
/** Where the system has no more watches. */
const fastPollMs = 2_000;
/** Folders of a workspace that are watched. */
const maxWatched = 1_000;

interface Watched {
  readonly watcher: fs.FSWatcher;
  /** Differs for a folder that was removed and created again: the watch is on the one that is gone. */
  readonly identity: string;
}

/** Calls `onDue` a moment after something in the watched folders has changed, and from time to time. */
export class FolderWatch {
  readonly #root: string;
  readonly #onDue: () => void;
  readonly #watched = new Map<string, Watched>();
  #quiet: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #firstAt: number | undefined;
  #isComplete = true;
  #isClosed = false;

  constructor(root: string, onDue: () => void) {
    this.#root = root;
    this.#onDue = onDue;
  }

  /** Watches the workspace and exactly these `folders` of it, from now on. */
  watch(folders: Iterable<string>): void {
    if (this.#isClosed) return;
    const wanted = new Set(['', ...folders]);
    this.#isComplete = wanted.size <= maxWatched;
    for (const [path, { watcher, identity }] of this.#watched) {
      if (wanted.has(path) && identity === this.#identityOf(path)) continue;
      watcher.close();
      this.#watched.delete(path);
    }
    const missing = [...wanted].slice(0, maxWatched).filter((path) => !this.#watched.has(path));
    for (const path of missing) this.#add(path);
    // Something may have changed there before the watch began.
    if (missing.length > 0) this.note();
    this.#restartPoll();
  }

  /** Has `onDue` called soon: when nothing more has changed for a moment. */
  note(): void {
    if (this.#isClosed) return;
    const now = performance.now();
    this.#firstAt ??= now;
    clearTimeout(this.#quiet);
    const leftMs = Math.max(0, this.#firstAt + maxDelayMs - now);
    this.#quiet = setTimeout(() => this.#due(), Math.min(quietMs, leftMs)).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#poll);
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  #due(): void {
    this.#firstAt = undefined;
    this.#onDue();
  }

  #add(path: string): void {
    const identity = this.#identityOf(path);
    try {
      const watcher = fs.watch(join(this.#root, path), { persistent: false }, (_, name) => {
        // Temporary files, and those of editors and git.
        if (!name?.startsWith('.')) this.note();
      });
      watcher.on('error', () => this.#lose(path));
      this.#watched.set(path, { watcher, identity });
    } catch {
      // The folder was removed, or the system has no more watches (ENOSPC, EMFILE): the poll replaces it.
      this.#isComplete = false;
    }
  }

  #lose(path: string): void {
    this.#watched.get(path)?.watcher.close();
    this.#watched.delete(path);
    this.note();
  }

  #identityOf(path: string): string {
    const stats = fs.lstatSync(join(this.#root, path), { bigint: true, throwIfNoEntry: false });
    return stats ? `${stats.ino}-${stats.birthtimeNs}` : '';
  }

  #restartPoll(): void {
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => this.#due(), this.#isComplete ? pollMs : fastPollMs).unref();
  }
}
