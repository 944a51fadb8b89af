import type { Distribution } from './statistics.ts';

/**
 * Values are counted in buckets that are as wide as a 64th of their power of two (exact below 128), as in
 * HdrHistogram: the memory is small for any values, and a percentile is off by 0.8 % at most.
 */
const subBuckets = 64;
const subBits = 6;
/** The maximum value that the bit operations below support. */
const largestInt = 2 ** 31;
const largeShift = 25;
/** The maximum number of buckets in a `Distribution`: what a chart can show. */
export const maxShownBuckets = 48;
/** The maximum error of a percentile, as a share of the value. */
export const percentileError = 1 / (2 * subBuckets);

/** The distribution of whole numbers from 0. Count, minimum, maximum and mean are exact. */
export class Histogram {
  count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #sum = 0;
  #counts = new Float64Array(subBuckets * 4);

  /** Counts one value; a negative value counts as 0, and a fraction is dropped. */
  add(given: number): void {
    const value = given > 0 ? Math.floor(given) : 0;
    this.count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const bucket = bucketOf(value);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
  }

  /** Returns the distribution with every value divided by `unit`. */
  distribution(unit = 1): Distribution {
    const { count } = this;
    if (count === 0) return { count, min: 0, max: 0, mean: 0, p50: 0, p90: 0, p99: 0, p999: 0, buckets: [] };
    const [p50 = 0, p90 = 0, p99 = 0, p999 = 0] = this.#percentiles([0.5, 0.9, 0.99, 0.999]);
    return {
      count,
      min: this.#min / unit,
      max: this.#max / unit,
      mean: this.#sum / count / unit,
      p50: p50 / unit,
      p90: p90 / unit,
      p99: p99 / unit,
      p999: p999 / unit,
      buckets: this.#shown(unit),
    };
  }

  /** Returns for each of `shares` (ascending) the value that this share of all values does not exceed. */
  #percentiles(shares: readonly number[]): number[] {
    const found: number[] = [];
    let seen = 0;
    for (let bucket = bucketOf(this.#min); found.length < shares.length; bucket += 1) {
      seen += this.#counts[bucket] as number;
      while (found.length < shares.length && seen >= rankOf(shares[found.length] as number, this.count)) {
        const middle = Math.floor((lowestOf(bucket) + lowestOf(bucket + 1) - 1) / 2);
        found.push(Math.min(this.#max, Math.max(this.#min, middle)));
      }
    }
    return found;
  }

  /** Returns the buckets for a chart: merges neighbours until there are few enough. */
  #shown(unit: number): Distribution['buckets'] {
    const first = bucketOf(this.#min);
    const last = bucketOf(this.#max);
    let shift = 0;
    while ((last >> shift) - (first >> shift) >= maxShownBuckets) shift += 1;
    const buckets: { from: number; to: number; count: number }[] = [];
    for (let group = first >> shift; group <= last >> shift; group += 1) {
      let count = 0;
      for (let bucket = group << shift; bucket < (group + 1) << shift; bucket += 1) count += this.#counts[bucket] ?? 0;
      buckets.push({ from: lowestOf(group << shift) / unit, to: lowestOf((group + 1) << shift) / unit, count });
    }
    return buckets;
  }

  #grow(bucket: number): void {
    const larger = new Float64Array(Math.max(this.#counts.length * 2, Math.ceil((bucket + 1) / 256) * 256));
    larger.set(this.#counts);
    this.#counts = larger;
  }
}

/** Returns the rank, from 1, of the value that `share` of `count` sorted values do not exceed (the nearest rank). */
function rankOf(share: number, count: number): number {
  // A floating-point error must not turn a whole number into the next one.
  return Math.max(1, Math.ceil(share * count - 1e-9 * count));
}

function bucketOf(value: number): number {
  if (value < subBuckets * 2) return value;
  if (value >= largestInt) return bucketOf(Math.floor(value / 2 ** largeShift)) + largeShift * subBuckets;
  const shift = 31 - subBits - Math.clz32(value);
  return shift * subBuckets + (value >>> shift);
}

/** Returns the smallest value of a bucket. */
function lowestOf(bucket: number): number {
  if (bucket < subBuckets * 2) return bucket;
  const shift = (bucket >>> subBits) - 1;
  return (bucket - shift * subBuckets) * 2 ** shift;
}
