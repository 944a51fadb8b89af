import { Histogram } from './histogram.ts';
import { maxListed, maxWaiting, type ReplyTimes } from './statistics.ts';

/**
 * Pairs the requests and replies of each socket, which are passed in the order of their records. `slot` identifies the
 * socket: a small number from 0; `at` is in milliseconds. `key` is the value for pairing by path, `undefined` for pairing in order.
 */
export interface ReplyPairs {
  request(slot: number, seq: number, at: number, key: string | undefined): void;
  reply(slot: number, seq: number, at: number, key: string | undefined): void;
  /** Returns the counts so far; requests that still wait are unanswered. */
  times(): ReplyTimes;
}

/** What both ways of pairing count. */
export class PairTally {
  requests = 0;
  replies = 0;
  duplicates = 0;
  unexpected = 0;
  unkeyed = 0;
  untimed = 0;
  readonly #times = new Histogram();
  readonly #slowest: { request: number; reply: number; ms: number }[] = [];

  /** Counts a request and its reply: record numbers, and times in milliseconds. */
  pair(request: number, requestAt: number, reply: number, replyAt: number): void {
    const micros = Math.max(0, Math.round((replyAt - requestAt) * 1_000));
    this.#times.add(micros);
    const ms = micros / 1_000;
    const slowest = this.#slowest;
    if (slowest.length === maxListed && ms <= (slowest[maxListed - 1] as { ms: number }).ms) return;
    let place = slowest.length;
    while (place > 0 && (slowest[place - 1] as { ms: number }).ms < ms) place -= 1;
    slowest.splice(place, 0, { request, reply, ms });
    if (slowest.length > maxListed) slowest.pop();
  }

  /** Returns the result; `unanswered` is their number, `firstUnanswered` the record numbers of the first of them. */
  times(unanswered: number, firstUnanswered: readonly number[]): ReplyTimes {
    const { requests, replies, duplicates, unexpected, unkeyed, untimed } = this;
    return {
      requests,
      replies,
      unanswered,
      duplicates,
      unexpected,
      unkeyed,
      untimed,
      times: this.#times.distribution(1_000),
      slowest: this.#slowest,
      firstUnanswered,
    };
  }
}

/** Requests that wait for their reply: the number and time of each, in columns that grow up to a cap. */
export class Waiting {
  #seqs = new Float64Array(1_024);
  #ats = new Float64Array(1_024);
  /** The next entry: in the same socket's queue, or in the free list. */
  #nexts = new Int32Array(1_024);
  #used = 0;
  #free = -1;
  count = 0;

  /** Adds a request; returns its entry, or −1 if too many wait. */
  add(seq: number, at: number): number {
    let entry = this.#free;
    if (entry >= 0) this.#free = this.#nexts[entry] as number;
    else if (this.#used < maxWaiting.all) entry = this.#newEntry();
    else return -1;
    this.#seqs[entry] = seq;
    this.#ats[entry] = at;
    this.#nexts[entry] = -1;
    this.count += 1;
    return entry;
  }

  seq(entry: number): number {
    return this.#seqs[entry] as number;
  }

  at(entry: number): number {
    return this.#ats[entry] as number;
  }

  next(entry: number): number {
    return this.#nexts[entry] as number;
  }

  link(entry: number, next: number): void {
    this.#nexts[entry] = next;
  }

  remove(entry: number): void {
    this.#seqs[entry] = -1;
    this.#nexts[entry] = this.#free;
    this.#free = entry;
    this.count -= 1;
  }

  /** Returns the numbers of the first requests that still wait, ascending. */
  first(): number[] {
    const first: number[] = [];
    for (let entry = 0; entry < this.#used; entry += 1) {
      const seq = this.#seqs[entry] as number;
      if (seq < 0 || (first.length === maxListed && seq > (first.at(-1) as number))) continue;
      insertSorted(first, seq);
    }
    return first;
  }

  #newEntry(): number {
    if (this.#used === this.#seqs.length) {
      const size = Math.min(this.#used * 2, maxWaiting.all);
      const seqs = new Float64Array(size);
      const ats = new Float64Array(size);
      const nexts = new Int32Array(size);
      seqs.set(this.#seqs);
      ats.set(this.#ats);
      nexts.set(this.#nexts);
      this.#seqs = seqs;
      this.#ats = ats;
      this.#nexts = nexts;
    }
    this.#used += 1;
    return this.#used - 1;
  }
}

function insertSorted(list: number[], value: number): void {
  let place = list.length;
  while (place > 0 && (list[place - 1] as number) > value) place -= 1;
  list.splice(place, 0, value);
  if (list.length > maxListed) list.pop();
}
