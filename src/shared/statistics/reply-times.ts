import { Histogram } from './histogram.ts';
import { maxListed, type ReplyTimes } from './statistics.ts';

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
