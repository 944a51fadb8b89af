import { PairTally, type ReplyPairs } from './reply-times.ts';
import { maxWaiting, type ReplyTimes } from './statistics.ts';
import { Waiting } from './waiting.ts';

/** Answered keys are remembered in two halves; when one is full, the older one is dropped. */
const answeredHalf = 250_000;

/** Pairs by key: a reply answers the waiting request of its socket with the same key. */
export class KeyPairs implements ReplyPairs {
  readonly #tally = new PairTally();
  readonly #waiting = new Waiting();
  /** Entries by slot and key. */
  readonly #entries = new Map<string, number>();
  readonly #counts = new Map<number, number>();
  #answered = new Set<string>();
  #answeredBefore = new Set<string>();

  request(slot: number, seq: number, at: number, key: string | undefined): void {
    const tally = this.#tally;
    if (key === undefined) {
      tally.unkeyed += 1;
      return;
    }
    tally.requests += 1;
    const name = `${slot} ${key}`;
    if (this.#entries.has(name)) {
      // Sent again while the first request waits, whose time counts.
      tally.duplicates += 1;
      return;
    }
    // A key may recur (a counter of one byte, for example): it is reported, and the new request is paired nevertheless.
    if (this.#wasAnswered(name)) tally.duplicates += 1;
    const count = this.#counts.get(slot) ?? 0;
    const entry = count < maxWaiting.socket ? this.#waiting.add(seq, at) : -1;
    if (entry < 0) {
      tally.untimed += 1;
      return;
    }
    this.#counts.set(slot, count + 1);
    this.#entries.set(name, entry);
  }

  reply(slot: number, seq: number, at: number, key: string | undefined): void {
    const tally = this.#tally;
    if (key === undefined) {
      tally.unkeyed += 1;
      return;
    }
    tally.replies += 1;
    const name = `${slot} ${key}`;
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      if (this.#wasAnswered(name)) tally.duplicates += 1;
      else tally.unexpected += 1;
      return;
    }
    tally.pair(this.#waiting.seq(entry), this.#waiting.at(entry), seq, at);
    this.#waiting.remove(entry);
    this.#entries.delete(name);
    this.#counts.set(slot, (this.#counts.get(slot) as number) - 1);
    this.#remember(name);
  }

  times(): ReplyTimes {
    return this.#tally.times(this.#waiting.count + this.#tally.untimed, this.#waiting.first());
  }

  #wasAnswered(name: string): boolean {
    return this.#answered.has(name) || this.#answeredBefore.has(name);
  }

  #remember(name: string): void {
    this.#answered.add(name);
    if (this.#answered.size < answeredHalf) return;
    this.#answeredBefore = this.#answered;
    this.#answered = new Set();
  }
}
