/**
 * The number of bytes that all sockets together read in a turn before each of them is limited to one read. A turn is one pass
 * of the event loop: libuv lets one socket read up to 32 times in it (uv__read), so that 50 sockets with reads of 64 KiB would
 * receive 100 MB before a timer runs.
 */
export const turnBytes = 1_048_576;

/**
 * Shares the turns of the event loop among sockets. A socket may continue to read while fewer than `turnBytes` bytes were read
 * in the turn; after that, each socket stops after one read, and all continue in the next turn. So one socket receives up to
 * `turnBytes` and one read in a turn, and many sockets receive one read each.
 */
export class ReadTurns {
  #left = turnBytes;
  #waiting: (() => void)[] = [];

  /**
   * Counts a read of `bytes` bytes. Returns true where the socket may continue to read; else it must stop, and `resume` is
   * called in the next turn.
   */
  count(bytes: number, resume: () => void): boolean {
    this.#left -= bytes;
    if (this.#left > 0) return true;
    if (this.#waiting.length === 0) setImmediate(this.#next);
    this.#waiting.push(resume);
    return false;
  }

  readonly #next = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#left = turnBytes;
    for (const resume of waiting) resume();
  };
}
