import type { Boundaries } from './boundaries.ts';

/** Messages that are sent and recorded together: `bytes`, split at `boundaries`. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly boundaries: Boundaries;
}

/** Batches that are created one by one, so that ten thousand replies are never in memory together. */
export interface Batches {
  /** The bytes of all batches. */
  readonly size: number;
  /** Returns the next batch; `undefined` at the end. */
  next(): Batch | undefined;
}

/** The messages that one read completed: `carryOver` followed by `chunk`, split at `boundaries` as in `LogSink.messages`. */
export interface ReceivedBatch {
  readonly carryOver: Uint8Array;
  readonly chunk: Uint8Array;
  readonly boundaries: Boundaries;
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
