import { byteCount } from '#shared/bytes/units.ts';

/** The minimum interval between notices of the same kind, so that a flood of datagrams does not cause a flood of records. */
const intervalMs = 1_000;

/** Returns the text about `count` datagrams of `bytes` bytes in total. */
export type NoticeWords = (count: number, bytes: number) => string;

interface Tally {
  limit: string;
  words: NoticeWords;
  count: number;
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Reports events of datagrams in aggregate: the first of a kind immediately, the following ones together, at most once a
 * second. `report` receives the limit and the text of a `limited` event.
 */
export class Notices {
  readonly #emit: (limit: string, text: string) => void;
  readonly #tallies = new Map<string, Tally>();

  constructor(report: (limit: string, text: string) => void) {
    this.#emit = report;
  }

  /** Counts one datagram of `bytes` bytes. Those of one `limit` and `kind` are reported together. */
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

  /** Reports everything that is pending. */
  flush(): void {
    for (const tally of this.#tallies.values()) {
      clearTimeout(tally.timer);
      tally.timer = undefined;
      if (tally.count > 0) this.#emitTally(tally);
    }
  }

  #report(tally: Tally): void {
    this.#emitTally(tally);
    tally.timer = setTimeout(() => {
      tally.timer = undefined;
      if (tally.count > 0) this.#report(tally);
    }, intervalMs).unref();
  }

  #emitTally(tally: Tally): void {
    const { limit, words, count, bytes } = tally;
    tally.count = 0;
    tally.bytes = 0;
    this.#emit(limit, words(count, bytes));
  }
}

/** Returns “1 datagram (5 B) was”, “12 datagrams (600 B) were”. */
export function datagramsWere(count: number, bytes: number): string {
  return `${count === 1 ? '1 datagram' : `${count} datagrams`} (${byteCount(bytes)}) ${count === 1 ? 'was' : 'were'}`;
}
