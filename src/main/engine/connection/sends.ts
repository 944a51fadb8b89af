import type { Pace } from '#shared/contract/models.ts';
import type { Batch, Batches } from '#shared/message/boundaries.ts';

/** Batches that must be loaded, such as those of a file: one of them is in memory at a time. Their bytes count once they are loaded. */
export interface LoadedBatches {
  /** The total bytes, where they are known. */
  readonly total?: number;
  /** Loads the next batch; `undefined` at the end. Rejects where it is not available, which ends the send incomplete. */
  load(): Promise<Batch | undefined>;
  /** Releases resources. Called once, when the send has ended for any reason. */
  close(): void;
}

/** One entry of the send queue: all of it, or the part that was sent when it ended, is recorded. */
export interface QueuedSend {
  readonly batches: Batches | LoadedBatches;
  readonly pacer?: Pacer | undefined;
  /** It answers received messages: a peer that does not receive its answers is not read from. */
  readonly isAnswer?: boolean | undefined;
  /** When aborted, no more of its bytes are passed to the kernel. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the kernel has accepted `sent` bytes of the send. */
  moved?(sent: number): void;
  /** Called once, when the send has ended: the kernel has accepted `sent` bytes, which are all of them where `complete`. */
  done?(sent: number, complete: boolean): void;
}

/** Returns true for batches that must be loaded. */
export function isLoaded(batches: Batches | LoadedBatches): batches is LoadedBatches {
  return 'load' in batches;
}

/** Loads the next batch of a send: `undefined` at its end, and where it is not available (`failed`). */
export async function loadBatch({ batches }: QueuedSend): Promise<{ batch: Batch | undefined; failed: boolean }> {
  try {
    return { batch: isLoaded(batches) ? await batches.load() : undefined, failed: false };
  } catch {
    return { batch: undefined, failed: true };
  }
}

/** Releases the resources of a send that has ended. */
export function endBatches({ batches }: QueuedSend): void {
  if (isLoaded(batches)) batches.close();
}

/** Returns the bytes of a send that are known when it is queued. */
export function sizeOf({ batches }: QueuedSend): number {
  return isLoaded(batches) ? 0 : batches.size;
}

/** The backlog of answers is full while this number of bytes is queued … */
const fullBytes = 1_048_576;
/** … or this number of answers, each of which may require reading a file. */
const fullAnswers = 256;

/**
 * Counts the queued answers, so that a peer cannot make us queue them without end. Other sends do not count: two peers that send
 * to each other would wait indefinitely.
 */
export class AnswerBacklog {
  #answers = 0;
  #bytes = 0;

  /** True while too many answers are queued; false once they are half of that; `undefined` between. */
  get full(): boolean | undefined {
    if (this.#bytes >= fullBytes || this.#answers >= fullAnswers) return true;
    return this.#bytes < fullBytes / 2 && this.#answers < fullAnswers / 2 ? false : undefined;
  }

  add(send: QueuedSend): void {
    if (!send.isAnswer) return;
    this.#answers += 1;
    this.#bytes += sizeOf(send);
  }

  remove(send: QueuedSend): void {
    if (!send.isAnswer) return;
    this.#answers -= 1;
    this.#bytes -= sizeOf(send);
  }
}

/** The approximate interval between two pieces at a limited rate. */
const stepMs = 50;

/**
 * Splits a paced message: determines the next piece, and the delay before it. Reads no clock: the time is an argument.
 */
export class Pacer {
  readonly #pace: Pace;
  readonly #splits: readonly number[];
  #startedAt: number | undefined;

  constructor(pace: Pace) {
    this.#pace = pace;
    this.#splits = [...new Set(pace.splits)].sort((a, b) => a - b);
  }

  /**
   * Returns the size of the piece after the first `offset` bytes of the message, up to `left` bytes, and the delay from `at`
   * until it is sent. Milliseconds.
   */
  next(offset: number, left: number, at: number): { readonly bytes: number; readonly waitMs: number } {
    const { bytesPerSecond, chunkBytes, delayMs } = this.#pace;
    this.#startedAt ??= at;
    const split = this.#splits.find((place) => place > offset);
    let bytes = split === undefined ? left : Math.min(left, split - offset);
    let waitMs = 0;
    if (chunkBytes > 0) bytes = Math.min(bytes, chunkBytes - (offset % chunkBytes));
    if (offset > 0 && ((chunkBytes > 0 && offset % chunkBytes === 0) || this.#splits.includes(offset))) {
      waitMs = delayMs;
    }
    if (bytesPerSecond > 0) {
      bytes = Math.min(bytes, Math.max(1, Math.round((bytesPerSecond * stepMs) / 1_000)));
      waitMs = Math.max(waitMs, this.#startedAt + (offset / bytesPerSecond) * 1_000 - at);
    }
    return { bytes, waitMs: Math.max(0, waitMs) };
  }
}
