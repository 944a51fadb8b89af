import type { Failure } from '#shared/failure.ts';
import type { LogFile } from './log-file.ts';

/** Syncs a file to the disk, one sync at a time. */
export class DiskSync {
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
