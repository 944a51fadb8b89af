import type { Pace } from '#shared/contract/models.ts';

/** A rate is kept in steps of about this long: shorter ones would only cost timers. */
const stepMs = 50;

/**
 * How a paced message goes to the kernel: which piece next, and how long to wait before it. Pure: the time comes in as an
 * argument.
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
   * The piece that follows the first `offset` bytes of the message: at most `left` bytes, and the wait before it from `at`
   * on. Milliseconds.
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
