import { PairTally, type ReplyPairs, Waiting } from './reply-times.ts';
import { maxWaiting, type ReplyTimes } from './statistics.ts';

/** Pairs in order: a reply answers the oldest waiting request of its socket. */
export class OrderPairs implements ReplyPairs {
  readonly #tally = new PairTally();
  readonly #waiting = new Waiting();
  /** By slot: the oldest and the newest waiting entry, how many wait, and how many more did not fit. */
  #heads = new Int32Array(64).fill(-1);
  #tails = new Int32Array(64).fill(-1);
  #counts = new Int32Array(64);
  #beyond = new Float64Array(64);

  request(slot: number, seq: number, at: number): void {
    if (slot >= this.#heads.length) this.#grow(slot);
    this.#tally.requests += 1;
    const count = this.#counts[slot] as number;
    // Once a request did not fit, the ones after it must wait outside too; otherwise replies would be paired with the wrong ones.
    const outside = (this.#beyond[slot] as number) > 0 || count >= maxWaiting.socket;
    const entry = outside ? -1 : this.#waiting.add(seq, at);
    if (entry < 0) {
      this.#beyond[slot] = (this.#beyond[slot] as number) + 1;
      this.#tally.untimed += 1;
      return;
    }
    if (count === 0) this.#heads[slot] = entry;
    else this.#waiting.link(this.#tails[slot] as number, entry);
    this.#tails[slot] = entry;
    this.#counts[slot] = count + 1;
  }

  reply(slot: number, seq: number, at: number): void {
    if (slot >= this.#heads.length) this.#grow(slot);
    const tally = this.#tally;
    tally.replies += 1;
    const count = this.#counts[slot] as number;
    if (count > 0) {
      const entry = this.#heads[slot] as number;
      tally.pair(this.#waiting.seq(entry), this.#waiting.at(entry), seq, at);
      this.#heads[slot] = this.#waiting.next(entry);
      this.#counts[slot] = count - 1;
      this.#waiting.remove(entry);
    } else if ((this.#beyond[slot] as number) > 0) {
      this.#beyond[slot] = (this.#beyond[slot] as number) - 1;
    } else {
      tally.unexpected += 1;
    }
  }

  times(): ReplyTimes {
    let unanswered = this.#waiting.count;
    for (const beyond of this.#beyond) unanswered += beyond;
    return this.#tally.times(unanswered, this.#waiting.first());
  }

  #grow(slot: number): void {
    const size = Math.max(slot + 1, this.#heads.length * 2);
    const heads = new Int32Array(size).fill(-1);
    const tails = new Int32Array(size).fill(-1);
    const counts = new Int32Array(size);
    const beyond = new Float64Array(size);
    heads.set(this.#heads);
    tails.set(this.#tails);
    counts.set(this.#counts);
    beyond.set(this.#beyond);
    this.#heads = heads;
    this.#tails = tails;
    this.#counts = counts;
    this.#beyond = beyond;
  }
}

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
