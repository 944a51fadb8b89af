const bucketMs = 100;
const buckets = 10;

/** Counts how many items were added in the last second. Times are milliseconds of a monotonic clock. */
export class RateMeter {
  readonly #counts = new Float64Array(buckets);
  #newest = 0;

  add(count: number, now: number): void {
    this.#advance(now);
    this.#counts[this.#newest % buckets] = (this.#counts[this.#newest % buckets] as number) + count;
  }

  /** Returns how many were added within the second before `now`, to a tenth of a second. */
  perSecond(now: number): number {
    this.#advance(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #advance(now: number): void {
    const bucket = Math.floor(now / bucketMs);
    if (bucket - this.#newest >= buckets) this.#counts.fill(0);
    else for (let empty = this.#newest + 1; empty <= bucket; empty += 1) this.#counts[empty % buckets] = 0;
    this.#newest = Math.max(this.#newest, bucket);
  }
}
