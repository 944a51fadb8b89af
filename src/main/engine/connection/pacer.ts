import type { Pace } from '#shared/contract/models.ts';

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
