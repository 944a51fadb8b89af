/**
 * What all sockets together read before each of them has to let the others have their turn. Bytes. A turn is one pass of the event loop:
 * libuv lets one socket read up to 32 times in it (uv__read), and 50 sockets that bring 64 KiB each time are 100 MB before a timer runs.
 */
export const turnBytes = 1_048_576;

/**
 * Shares the turns of the event loop among sockets. While less than `turnBytes` came since the last share-out, a socket reads on as it
 * likes; after that each one stops after one read, and all go on in the next turn. So one socket brings at most `turnBytes` and one read
 * in a turn, and many bring one read each.
 */
export class ReadTurns {
  #left = turnBytes;
  #waiting: (() => void)[] = [];

  /**
   * Counts a read of `bytes`. Returns true where the socket may read on at once; where not, it must stop, and `goOn` is called in the
   * next turn.
   */
  took(bytes: number, goOn: () => void): boolean {
    this.#left -= bytes;
    if (this.#left > 0) return true;
    if (this.#waiting.length === 0) setImmediate(this.#next);
    this.#waiting.push(goOn);
    return false;
  }

  readonly #next = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#left = turnBytes;
    for (const goOn of waiting) goOn();
  };
}
