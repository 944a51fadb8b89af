import type { Boundaries } from '#shared/message/boundaries.ts';
import type { Pacer } from './pacer.ts';

/** Messages that are sent and recorded together: `bytes`, split at `boundaries`. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly boundaries: Boundaries;
}

/** The batches of one job, created one by one, so that ten thousand replies or a file are never in memory together. */
export interface Batches {
  /** The total bytes of batches that are in memory or can be created without waiting; 0 for a file, whose bytes count once they are read. */
  readonly size: number;
  /** The total bytes of all batches, where `size` does not include them. */
  readonly total?: number;
  /** Returns the next batch; rejects where it is not available, which ends the job incomplete. */
  next(): Batch | undefined | Promise<Batch | undefined>;
  /** Releases resources. Called once, when the job has ended for any reason. */
  close?(): void;
}

export interface Job {
  /**
   * A function where a file must be read first: it is called when the job is next, so that a waiting job needs no memory.
   * It resolves to `undefined` where there is nothing to send.
   */
  readonly batches: Batches | (() => Promise<Batches | undefined>);
  readonly pacer?: Pacer | undefined;
  /** When aborted, no more bytes of the job are sent. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the kernel has accepted `sent` bytes of the job. */
  moved?(sent: number): void;
  /** Called once, when the job has ended: the kernel has accepted `sent` bytes, which are all of them where `complete`. */
  done?(sent: number, complete: boolean): void;
}

/** Returns batches of which there is only one. */
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
