import { PairTally, type ReplyPairs } from './reply-times.ts';
import { maxWaiting, type ReplyTimes } from './statistics.ts';
import { Waiting } from './waiting.ts';

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
