import type { Boundaries } from '#shared/message/boundaries.ts';
import type { Pacer } from './pacer.ts';

/** Messages that are sent and recorded together: `bytes`, tiled by `boundaries`. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly boundaries: Boundaries;
}

/** What one job sends, made batch by batch, so that ten thousand replies, or a file, never lie in memory at once. */
export interface Batches {
  /** Bytes of all batches that lie in memory, or can be made without waiting; 0 of a file: its bytes count when read. */
  readonly size: number;
  /** Bytes of all batches, where `size` does not say it. */
  readonly total?: number;
  /** The next batch; rejects where it cannot be had, which ends the job incomplete. */
  next(): Batch | undefined | Promise<Batch | undefined>;
  /** Gives back what the batches hold open. Called once, when the job is over, however it ended. */
  close?(): void;
}

export interface Job {
  /**
   * A function where a file is to be read first: called when the job's turn comes, so that one that waits holds no
   * memory. Its promise gives `undefined` where there is nothing to send after all.
   */
  readonly batches: Batches | (() => Promise<Batches | undefined>);
  readonly pacer?: Pacer | undefined;
  /** Aborted: nothing more of the job is sent. */
  readonly signal?: AbortSignal | undefined;
  /** The kernel has taken `sent` bytes of the job. */
  moved?(sent: number): void;
  /** Called once: the kernel has taken `sent` bytes, all of them where `complete`. */
  done?(sent: number, complete: boolean): void;
}

/** The batches of a job that sends just one. */
export function singleBatch(bytes: Uint8Array, boundaries: Boundaries): Batches {
  let batch: Batch | undefined = { bytes, boundaries };
  return {
    size: bytes.length,
    next() {
      const only = batch;
      batch = undefined;
      return only;
    },
  };
}
