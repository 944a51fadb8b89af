import type { Failure } from '#shared/failure.ts';
import type { LogFile } from './log-file.ts';

/** Brings to the disk what was written to a file, one time after the other. */
export class DiskSync {
  /** Something was written since the last time. */
  isWanted = false;
  #done: Promise<void> | undefined;

  /** Resolves when the time that is under way is over; `undefined` where none is. */
  get done(): Promise<void> | undefined {
    return this.#done;
  }

  /** Begins, where it is wanted and none is under way. `failed` gets the failure. */
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
