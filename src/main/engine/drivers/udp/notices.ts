/** How long after a notice the next one of the same kind waits, so that a flood of datagrams is no flood of records. */
const intervalMs = 1_000;

/** What happened to `count` datagrams of `bytes` bytes in all, in words. */
export type NoticeWords = (count: number, bytes: number) => string;

interface Tally {
  limit: string;
  words: NoticeWords;
  count: number;
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Tells what happens to datagrams in aggregate: the first of a kind at once, those that follow together, at most once a
 * second. `tell` is told the limit and the words, as of a `limited` event.
 */
export class Notices {
  readonly #tell: (limit: string, text: string) => void;
  readonly #tallies = new Map<string, Tally>();

  constructor(tell: (limit: string, text: string) => void) {
    this.#tell = tell;
  }

  /** Counts one datagram of `bytes` bytes. Those of one `limit` and `kind` are told together. */
  add(limit: string, kind: string, bytes: number, words: NoticeWords): void {
    const key = `${limit} ${kind}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { limit, words, count: 0, bytes: 0, timer: undefined };
      this.#tallies.set(key, tally);
    }
    tally.words = words;
    tally.count += 1;
    tally.bytes += bytes;
    if (!tally.timer) this.#report(tally);
  }

  /** Tells all that waits to be told now. */
  flush(): void {
    for (const tally of this.#tallies.values()) {
      clearTimeout(tally.timer);
      tally.timer = undefined;
      if (tally.count > 0) this.#say(tally);
    }
  }

  #report(tally: Tally): void {
    this.#say(tally);
    tally.timer = setTimeout(() => {
      tally.timer = undefined;
      if (tally.count > 0) this.#report(tally);
    }, intervalMs).unref();
  }

  #say(tally: Tally): void {
    const { limit, words, count, bytes } = tally;
    tally.count = 0;
    tally.bytes = 0;
    this.#tell(limit, words(count, bytes));
  }
}

/** “1 datagram (5 bytes) was”, “12 datagrams (600 bytes) were”. */
export function datagramsWere(count: number, bytes: number): string {
  return count === 1 ? `1 datagram (${bytes} bytes) was` : `${count} datagrams (${bytes} bytes) were`;
}
