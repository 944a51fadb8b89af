/**
 * The number of bytes that all sockets together read in a turn before each of them is limited to one read. A turn is one pass
 * of the event loop: libuv lets one socket read up to 32 times in it (uv__read), so that 50 sockets with reads of 64 KiB would
 * receive 100 MB before a timer runs.
 */
export const turnBytes = 1_048_576;

/** A read that took longer is slow: it completed a large message, for example. Milliseconds. */
const slowMs = 1;
/** The time that slow reads may take in a turn before the turn ends for all sockets. Milliseconds. */
export const turnMs = 8;

/** A socket that reads. */
export interface Reader {
  /** Stops reading until `resume`; does nothing where the socket does not read. */
  pause(): void;
  resume(): void;
}

/**
 * Shares the turns of the event loop among sockets. A socket may continue to read while fewer than `turnBytes` bytes were read
 * in the turn; after that, each socket stops after one read, and all continue in the next turn. So one socket receives up to
 * `turnBytes` and one read in a turn, and many sockets receive one read each. When slow reads took `turnMs`, the sockets that have not
 * read yet wait for the next turn as well, and read first in it: the large messages of many sockets may end in the same turn.
 */
export class ReadTurns {
  /** The sockets that read, whether they wait for the next turn or not. */
  readonly #readers = new Set<Reader>();
  #leftBytes = turnBytes;
  #leftMs = turnMs;
  #waiting = new Set<Reader>();
  /** The sockets that were stopped before they read. */
  #first: Reader[] = [];

  /** Adds a socket that starts to read. */
  add(reader: Reader): void {
    this.#readers.add(reader);
  }

  /** Removes a socket that does not read any more. */
  remove(reader: Reader): void {
    this.#readers.delete(reader);
  }

  /**
   * Counts a read of `bytes` bytes that took `ms` to process. Returns true where the socket may continue to read; else it must
   * stop, and it is resumed in the next turn.
   */
  count(bytes: number, ms: number, reader: Reader): boolean {
    this.#leftBytes -= bytes;
    if (ms > slowMs) this.#leftMs -= ms;
    if (this.#leftBytes > 0 && this.#leftMs > 0) return true;
    if (this.#waiting.size === 0) setImmediate(this.#next);
    this.#waiting.add(reader);
    if (this.#leftMs <= 0 && this.#first.length === 0) this.#stopOthers();
    return false;
  }

  #stopOthers(): void {
    for (const reader of this.#readers) {
      if (this.#waiting.has(reader)) continue;
      reader.pause();
      this.#first.push(reader);
    }
  }

  readonly #next = (): void => {
    const resumed = [...this.#first, ...this.#waiting];
    this.#first = [];
    this.#waiting = new Set();
    this.#leftBytes = turnBytes;
    this.#leftMs = turnMs;
    for (const reader of resumed) if (this.#readers.has(reader)) reader.resume();
  };
}
