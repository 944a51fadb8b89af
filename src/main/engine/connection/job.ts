import type { Batch, Batches } from '#shared/message/batch.ts';
import type { Pacer } from './pacer.ts';

/** Batches that must be loaded, such as those of a file: one of them is in memory at a time. Their bytes count once they are loaded. */
export interface LoadedBatches {
  /** The total bytes, where they are known. */
  readonly total?: number;
  /** Loads the next batch; `undefined` at the end. Rejects where it is not available, which ends the job incomplete. */
  load(): Promise<Batch | undefined>;
  /** Releases resources. Called once, when the job has ended for any reason. */
  close(): void;
}

/** Something to send: all of it, or the part that was sent when it ended, is recorded. */
export interface Job {
  readonly batches: Batches | LoadedBatches;
  readonly pacer?: Pacer | undefined;
  /** It answers received messages: a peer that does not receive its answers is not read from. */
  readonly isAnswer?: boolean | undefined;
  /** When aborted, no more bytes of the job are sent. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the kernel has accepted `sent` bytes of the job. */
  moved?(sent: number): void;
  /** Called once, when the job has ended: the kernel has accepted `sent` bytes, which are all of them where `complete`. */
  done?(sent: number, complete: boolean): void;
}

/** Returns true for batches that must be loaded. */
export function isLoaded(batches: Batches | LoadedBatches): batches is LoadedBatches {
  return 'load' in batches;
}

/** Returns the bytes of a job that are known when it is queued. */
export function sizeOf({ batches }: Job): number {
  return isLoaded(batches) ? 0 : batches.size;
}
